#version 330 core
// Arms and hands of a statue: tubes drawn in until they lie on the body. Instance 0 is the arm on the right, 1 on the left.
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

in vec2 in_uv;  // x round the arm in [-1, 1], y from the shoulder to the hand in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;    // the way across the folds
out vec4 v_cloth;     // across and along the folds in shares of the size; how deep they are there; how much nearer to the accent
out vec2 v_open;      // open to the room, open to the key light
flat out vec4 v_style;
flat out vec4 v_own;  // size, 0, near, how much light comes through

vec3 arm_start(Figure f, int i, float turn, float v, out vec3 across) {
    float s = f.size, t = v * 3.4;
    vec3 a = mix(f.shoulder[i], f.neck, 0.06), b = f.shoulder[i], c = f.elbow[i], d = f.wrist[i], e = f.palm[i] + 0.06 * s * normalize(f.palm[i] - f.wrist[i]);
    vec3 at = mix(mix(mix(mix(a, b, clamp(t / 0.4, 0.0, 1.0)), c, clamp(t - 0.4, 0.0, 1.0)), d, clamp(t - 1.4, 0.0, 1.0)), e, clamp((t - 2.4) , 0.0, 1.0));
    vec3 way = normalize(mix(mix(b - a, c - b, smoothstep(0.2, 0.6, t)), mix(d - c, e - d, smoothstep(2.2, 2.6, t)), smoothstep(1.1, 1.7, t)) + vec3(0.0, -1e-4, 0.0));
    vec3 side = normalize(cross(way, vec3(0.10, 0.60, 0.79))), other = cross(side, way);
    float r = 0.13 * s * (1.0 - pow(clamp((t - 2.4), 0.0, 1.0), 4.0));
    across = way;
    return at + r * (cos(turn) * other + sin(turn) * side);
}


void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    float s = f.size, turn = 3.14159265 * in_uv.x, v = in_uv.y;
    vec3 across, p = arm_start(f, gl_InstanceID, turn, v, across), n = laid(p, f, g.hem, 1.0);
    vec2 at = vec2(v * 1.6, turn * 0.12);
    float deep = u_flesh * g.deep * 0.35 * smoothstep(0.02, 0.2, v) * smoothstep(0.80, 0.66, v);
    vec4 style = vec4(0.0, g.style.yzw);
    p += n * s * deep * 0.5 * (folds(at, style) - 0.35);
    if (g.clotted > 0.01) p += n * s * 0.04 * g.clotted * swell3(p / s * 7.0 + vec3(0.0, 0.3 * u_phase, 0.0));
    // Where the robe covers it, it lies under it.
    p -= n * s * 0.016 * smoothstep(0.34, 0.20, v);
    v_position = p;
    v_normal = n;
    v_across = normalize(across - n * dot(n, across));
    v_cloth = vec4(at, deep, 0.0);
    v_open = openness(p, n, f, g.hem);
    v_style = style;
    v_own = vec4(s, 0.0, f.near, 0.1);
    gl_Position = to_clip(p);
}
