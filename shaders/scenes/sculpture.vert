#version 330 core
// Robe and arms of a statue: tubes laid round the body and drawn in until they lie on it, all on one melted skin. Instance 0 is
// the robe, 1 and 2 the arms.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/moods.glsl"
#include "lib/body/garment.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/cast.glsl"
#include "lib/body/folds.glsl"
#include "lib/light/key.glsl"

uniform float u_flesh;
in vec2 in_uv;  // x round the part in [-1, 1], y from its top to its end

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;  // the way across the folds
out vec4 v_cloth;   // across and along the folds in shares of the size; how deep they are there; how much nearer to the accent
out vec2 v_open;    // open to the room, open to the key light
flat out vec4 v_style;
flat out vec4 v_own;  // size, which part, near, how wet and thin

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
    vec3 x = normalize(vec3(f.body[0].x, 0.0, f.body[0].z)), z = vec3(-x.z, 0.0, x.x);
    x = mix(f.body[0], x, smoothstep(0.3, 0.6, v));
    z = mix(f.body[2], z, smoothstep(0.3, 0.6, v));
    across = cos(turn) * x - sin(turn) * z;
    return c + s * (r.x * sin(turn) * x + r.y * cos(turn) * z);
}
vec3 arm_start(Figure f, int i, float turn, float v, out vec3 across) {
    float s = f.size, t = v * 3.4;
    vec3 a = mix(f.shoulder[i], f.neck, 0.30), b = f.shoulder[i], c = f.elbow[i], d = f.wrist[i], e = f.palm[i] + 0.06 * s * normalize(f.palm[i] - f.wrist[i]);
    vec3 at = mix(mix(mix(mix(a, b, clamp(t / 0.4, 0.0, 1.0)), c, clamp(t - 0.4, 0.0, 1.0)), d, clamp(t - 1.4, 0.0, 1.0)), e, clamp((t - 2.4) , 0.0, 1.0));
    vec3 way = normalize(mix(mix(b - a, c - b, smoothstep(0.2, 0.6, t)), mix(d - c, e - d, smoothstep(2.2, 2.6, t)), smoothstep(1.1, 1.7, t)) + vec3(0.0, -1e-4, 0.0));
    vec3 side = normalize(cross(way, vec3(0.11, 0.07, 0.99))), other = cross(side, way);
    float r = 0.13 * s * (1.0 - pow(clamp((t - 2.4), 0.0, 1.0), 4.0));
    across = way;
    return at + r * (cos(turn) * other + sin(turn) * side);
}

void main() {
    Moods m = moods();
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    float s = f.size, turn = 3.14159265 * in_uv.x, v = in_uv.y;
    bool robe = gl_InstanceID == 0;
    int side = gl_InstanceID == 2 ? 1 : 0;
    vec3 across, p = robe ? robe_start(f, g, turn, v, across) : arm_start(f, side, turn, v, across);
    vec4 d;
    for (int n = 0; n < 3; n++) {
        d = cast_robe(p, f, 0.12, g.hem, robe ? 0.0 : 1.0);
        p -= d.xyz * (d.w * 0.95);
    }
    d = cast_robe(p, f, 0.12, g.hem, robe ? 0.0 : 1.0);
    vec3 n = normalize(d.xyz);
    float along = robe ? (f.neck.y - p.y) / s : v * 1.6;
    vec2 at = robe ? vec2(turn * (0.22 + 0.10 * v), along) : vec2(along, turn * 0.12);
    // Where the cloth clings there are fine folds, where it hangs free they are deep.
    float free = robe ? smoothstep(0.35, 1.5, along) : 0.35 * smoothstep(0.02, 0.2, v) * smoothstep(0.80, 0.66, v);
    float deep = u_flesh * g.deep * (robe ? mix(0.60, 1.0, free) : free);
    vec4 style = g.style;
    style.x = robe ? max(style.x, 0.75 * smoothstep(0.75, 0.15, along) * smoothstep(-0.35, 0.35, d.z)) : 0.0;
    float h = folds(at, style);
    p += n * s * deep * (h - 0.35) * (robe ? 1.0 : 0.5);
    if (g.clotted > 0.01) p += n * s * 0.055 * g.clotted * swell3(p / s * 6.0 + vec3(0.0, 0.3 * u_phase, 0.0));
    // The hem: torn to points, or run over the ground.
    if (robe) {
        float low = smoothstep(0.80, 1.0, v);
        p.y += s * low * g.torn * 0.22 * ridge(at.x * 7.0 + 0.3, 1.0);
        p.y = max(p.y, f.ground + 0.004 * s);
        p.xz += n.xz * s * low * low * (0.06 + 0.16 * g.pooled);
    }
    v_position = p;
    v_normal = n;
    v_across = normalize(across - n * dot(n, across));
    v_cloth = vec4(at, deep, 0.0);
    float near = cast_robe(p + n * 0.10 * s, f, 0.12, g.hem, 1.0).w / (0.10 * s);
    float shadow = cast_robe(p + n * 0.03 * s + KEY * 0.14 * s, f, 0.12, g.hem, 1.0).w / (0.10 * s);
    float shadow_far = cast_robe(p + n * 0.03 * s + KEY * 0.36 * s, f, 0.12, g.hem, 1.0).w / (0.16 * s);
    v_open = vec2(clamp(0.35 + 0.65 * near, 0.2, 1.0), mix(0.22, 1.0, smoothstep(-0.1, 1.0, min(0.3 + shadow, 0.4 + shadow_far))));
    v_style = style;
    v_own = vec4(s, robe ? 0.0 : 1.0, f.near, 0.0);
    gl_Position = to_clip(p);
}
