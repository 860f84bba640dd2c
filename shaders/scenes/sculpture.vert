#version 330 core
// The shroud of a statue: one cloth from the crown to the ground, drawn in until it lies on head and body; the face shows through it.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/garment.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/cast.glsl"
#include "lib/body/openness.glsl"
#include "lib/body/shroud.glsl"
#include "lib/body/under_cloth.glsl"
#include "lib/body/folds.glsl"
#include "lib/body/features.glsl"
#include "lib/body/expression.glsl"
uniform float u_flesh;

in vec2 in_uv;  // x round the body in [-1, 1], y from the crown to the hem in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;    // the way across the folds
out vec4 v_cloth;     // across and along the folds in shares of the size; how deep they are there; how much nearer to the accent
out vec2 v_open;      // open to the room, open to the key light
out vec3 v_place;     // on the face: x, y in half heights, z how far it is the face
flat out mat3 v_face;
flat out vec4 v_style;
flat out vec4 v_own;  // size, how wet, near, how much light comes through
flat out vec4 v_brow, v_lids, v_mouth, v_more;

const float HEAD_ROWS = 0.26;

// A point of the tube round the body before it is drawn in; v from the neck to the hem.
vec3 robe_start(Figure f, Garment g, float turn, float v, float arms, out vec3 across) {
    float s = f.size;
    vec3 feet = vec3(0.5 * (f.ankle[0] + f.ankle[1]));
    feet.y = f.ground;
    vec3 shoulders = 0.5 * (f.shoulder[0] + f.shoulder[1]);
    vec3 c = shoulders + mix(-0.01, -0.03, smoothstep(0.0, 0.13, v)) * s * f.body[1];
    c.y = min(c.y, f.head.y - 0.27 * s);
    vec2 r = mix(vec2(0.26, 0.22), vec2(0.50, 0.24), smoothstep(0.0, 0.13, v));
    float k = clamp((v - 0.13) / 0.15, 0.0, 1.0);
    c = mix(c, f.chest - 0.06 * s * f.body[1], k); r = mix(r, vec2(0.46, mix(0.28, 0.42, arms)), k);
    k = clamp((v - 0.28) / 0.18, 0.0, 1.0);
    c = mix(c, f.pelvis, k); r = mix(r, vec2(0.44, mix(0.30, 0.46, arms)), k);
    k = clamp((v - 0.46) / 0.54, 0.0, 1.0);
    c = mix(c, feet, k); r = mix(r, vec2(g.hem + 0.05), k);
    // Out over the mound a bust stands in.
    r += f.near * vec2(0.80, 0.30) * smoothstep(0.08, 0.42, v);
    // Outside of knees that are drawn up.
    float knees = max(max(dot(f.knee[0] - f.pelvis, f.body[2]), dot(f.knee[1] - f.pelvis, f.body[2])) / s - 0.10, 0.0);
    r.y += knees * smoothstep(0.34, 0.50, v) * smoothstep(-0.5, 0.5, cos(turn));
    vec3 x = normalize(vec3(f.body[0].x, 0.0, f.body[0].z)), z = vec3(-x.z, 0.0, x.x);
    vec3 level = normalize(f.shoulder[0] - f.shoulder[1] + 0.2 * s * f.body[0]);
    x = mix(mix(level, f.body[0], smoothstep(0.12, 0.3, v)), x, smoothstep(0.3, 0.6, v));
    z = mix(f.body[2], z, smoothstep(0.3, 0.6, v));
    across = cos(turn) * x - sin(turn) * z;
    return c + s * (r.x * sin(turn) * x + r.y * cos(turn) * z);
}

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    Expression e = expression(u_shape, m);
    float s = f.size, v = in_uv.y, u = in_uv.x, below = smoothstep(HEAD_ROWS - 0.09, HEAD_ROWS + 0.09, v);
    // More of the cloth's threads lie over the face.
    float turn = 3.14159265 * u * mix(0.5 + 0.5 * u * u, 1.0, below), polar = mix(0.02, 2.25, min(v / HEAD_ROWS, 1.0));
    float arms = under_cloth(f) * smoothstep(0.3, 0.6, f.grown), loose = 0.5 - 0.5 * cos(turn) * smoothstep(0.02, 0.12, v);
    vec3 across, p = robe_start(f, g, turn, max(v - HEAD_ROWS + 0.05, 0.0) / (1.05 - HEAD_ROWS), arms, across);
    vec3 over = f.head + 0.27 * s * (f.face * vec3(sin(turn) * sin(polar), cos(polar), cos(turn) * sin(polar)));
    p = mix(over, p, below);
    vec4 d;
    for (int n = 0; n < 3; n++) {
        d = shroud_at(p, f, g.hem, 0.6 * e.mouth.x, arms, loose);
        p -= d.xyz * (d.w * 0.95);
    }
    vec3 n = normalize(d.xyz);
    float tall = 0.22 * s, along = (f.neck.y - p.y) / s;
    vec3 from = (p - f.head) * f.face / tall;
    vec2 q = from.xy + vec2(0.0, -0.02);
    float oval = length(vec2(q.x / 0.66, (q.y + 0.06) / (q.y > -0.06 ? 0.74 : 1.08)));
    float front = smoothstep(0.05, 0.50, dot(n, f.face[2])) * smoothstep(1.12, 0.90, oval) * (1.0 - below) * step(0.0, from.z);
    // Round the face the hood's edge stands out as a fold.
    float edge = exp(-30.0 * (oval - 1.14) * (oval - 1.14)) * smoothstep(-0.9, -0.2, q.y) * step(0.0, from.z) * (1.0 - below);
    p += (0.4 * n + 0.6 * f.face[2]) * s * 0.062 * edge;
    p += (0.6 * n + 0.4 * f.face[2]) * tall * features(q, e) * front;
    vec2 at = vec2(turn * (0.24 + 0.16 * v + 0.22 * f.near * smoothstep(0.30, 0.55, v)), along);
    // Where the cloth clings there are fine folds, where it hangs free they are deep; between the shoulders it sags.
    float deep = u_flesh * g.deep * mix(0.85, 1.30, smoothstep(0.25, 1.2, along)) * smoothstep(0.11, 0.30, v) * (1.0 - 0.85 * front);
    deep *= 1.0 + 1.5 * m.disgust + 0.5 * (1.0 - f.grown) + 0.9 * f.near * smoothstep(0.1, 0.5, along);
    // Under the chin it lies smooth.
    deep *= 1.0 - 0.9 * exp(-2.5 * turn * turn) * smoothstep(0.50, 0.15, along);
    vec4 style = g.style;
    style.w *= 1.0 + 0.3 * f.near;
    style.x = max(style.x, 0.35 * (1.0 - m.angry) * smoothstep(0.60, 0.10, along) * smoothstep(-0.35, 0.35, n.z) * below);
    p += n * s * deep * (folds(at, style) - 0.35);
    if (g.clotted > 0.01) p += n * s * mix(0.03, 0.085, below) * g.clotted * swell3(p / s * 5.0 + vec3(0.0, 0.3 * u_phase, 0.0));
    // The hem: torn to points, or run over the ground.
    float low = smoothstep(0.80, 1.0, v);
    p.y += s * low * g.torn * 0.36 * fold_ridge(at.x * 9.0 + 0.3, 0.0);
    p.y = max(p.y, f.ground + 0.004 * s);
    p.xz += n.xz * s * low * low * (0.06 + 0.16 * g.pooled);
    v_position = p;
    v_normal = n;
    v_across = normalize(across - n * dot(n, across));
    v_cloth = vec4(at, deep, (1.0 - below) * mix(-0.09, 0.10, front) - (0.20 * m.angry + 0.14 * m.disgust) * (1.0 - 0.6 * front));
    v_open = openness(p, n, f, g.hem) * (1.0 - 0.55 * exp(-70.0 * (oval - 0.98) * (oval - 0.98)) * smoothstep(-0.8, -0.3, q.y) * step(0.0, from.z));
    v_place = vec3(q, front);
    v_face = f.face;
    v_style = style;
    v_own = vec4(s, g.wet, f.near, 0.15);
    v_brow = e.brow; v_lids = e.lids; v_mouth = e.mouth; v_more = e.more;
    gl_Position = to_clip(p);
}
