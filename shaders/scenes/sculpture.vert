#version 330 core
// The robe of a statue: a tube laid round the body and drawn in until it lies on it, all on one melted skin.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/garment.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/cast.glsl"
#include "lib/body/laid.glsl"
#include "lib/body/folds.glsl"
uniform float u_flesh;

in vec2 in_uv;  // x round the body in [-1, 1], y from the neck to the hem in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;    // the way across the folds
out vec4 v_cloth;     // across and along the folds in shares of the size; how deep they are there; how much nearer to the accent
out vec2 v_open;      // open to the room, open to the key light
flat out vec4 v_style;
flat out vec4 v_own;  // size, 0, near, how much light comes through

// A point of the robe's tube before it is drawn in.
vec3 robe_start(Figure f, Garment g, float turn, float v, out vec3 across) {
    float s = f.size;
    vec3 top = mix(f.neck, f.head, 0.45), feet = vec3(0.5 * (f.ankle[0] + f.ankle[1]));
    feet.y = f.ground;
    vec3 shoulders = 0.5 * (f.shoulder[0] + f.shoulder[1]);
    vec3 c = mix(top, shoulders + 0.06 * s * f.body[1], smoothstep(0.0, 0.08, v));
    vec2 r = mix(vec2(0.08, 0.08), vec2(0.26, 0.16), smoothstep(0.0, 0.08, v));
    float k = clamp((v - 0.08) / 0.07, 0.0, 1.0);
    c = mix(c, shoulders - 0.03 * s * f.body[1], k); r = mix(r, vec2(0.50, 0.22), k);
    k = clamp((v - 0.15) / 0.15, 0.0, 1.0);
    c = mix(c, f.chest - 0.06 * s * f.body[1], k); r = mix(r, vec2(0.38, 0.28), k);
    k = clamp((v - 0.30) / 0.18, 0.0, 1.0);
    c = mix(c, f.pelvis, k); r = mix(r, vec2(0.36, 0.30), k);
    k = clamp((v - 0.48) / 0.52, 0.0, 1.0);
    c = mix(c, feet, k); r = mix(r, vec2(g.hem + 0.05), k);
    // Outside of knees that are drawn up.
    float knees = max(max(dot(f.knee[0] - f.pelvis, f.body[2]), dot(f.knee[1] - f.pelvis, f.body[2])) / s - 0.10, 0.0);
    r.y += knees * smoothstep(0.34, 0.50, v) * (cos(turn) > 0.0 ? 1.0 : 0.0);
    vec3 x = normalize(vec3(f.body[0].x, 0.0, f.body[0].z)), z = vec3(-x.z, 0.0, x.x);
    x = mix(f.body[0], x, smoothstep(0.3, 0.6, v));
    z = mix(f.body[2], z, smoothstep(0.3, 0.6, v));
    across = cos(turn) * x - sin(turn) * z;
    return c + s * (r.x * sin(turn) * x + r.y * cos(turn) * z);
}

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    float s = f.size, turn = 3.14159265 * in_uv.x, v = in_uv.y;
    vec3 across, p = robe_start(f, g, turn, v, across), n = laid(p, f, g.hem, 0.0);
    float along = (f.neck.y - p.y) / s;
    vec2 at = vec2(turn * (0.22 + 0.10 * v), along);
    // Where the cloth clings there are fine folds, where it hangs free they are deep; between the shoulders it sags.
    float deep = u_flesh * g.deep * mix(0.50, 1.0, smoothstep(0.35, 1.5, along));
    vec4 style = g.style;
    style.x = max(style.x, 0.50 * smoothstep(0.75, 0.15, along) * smoothstep(-0.35, 0.35, n.z));
    p += n * s * deep * (folds(at, style) - 0.35);
    if (g.clotted > 0.01) p += n * s * 0.085 * g.clotted * swell3(p / s * 5.0 + vec3(0.0, 0.3 * u_phase, 0.0));
    // The hem: torn to points, or run over the ground.
    float low = smoothstep(0.80, 1.0, v);
    p.y += s * low * g.torn * 0.36 * fold_ridge(at.x * 9.0 + 0.3, 0.0);
    p.y = max(p.y, f.ground + 0.004 * s);
    p.xz += n.xz * s * low * low * (0.06 + 0.16 * g.pooled);
    v_position = p;
    v_normal = n;
    v_across = normalize(across - n * dot(n, across));
    v_cloth = vec4(at, deep, 0.0);
    v_open = openness(p, n, f, g.hem);
    v_style = style;
    v_own = vec4(s, 0.0, f.near, 0.0);
    gl_Position = to_clip(p);
}
