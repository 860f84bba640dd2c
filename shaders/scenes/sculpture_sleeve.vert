#version 330 core
// The sleeves of a statue: sheets that hang from the arms, or fly from them.
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
uniform float u_flesh, u_reach;

in vec2 in_uv;  // x along the arm in [-1, 1], y from the arm to the hem in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;    // the way across the folds
out vec4 v_cloth;     // across and along the folds in shares of the size; how deep they are there; how much nearer to the accent
out vec2 v_open;      // open to the room, open to the key light
flat out vec4 v_style;
flat out vec4 v_own;  // size, 0, near, how much light comes through

// A point of the sheet.
vec3 sleeve(Figure f, Garment g, BodyMoods m, int i, float u, float v) {
    float s = f.size, along = 0.5 + 0.5 * u, side = i == 0 ? 1.0 : -1.0;
    vec3 a = mix(f.shoulder[i], f.elbow[i], 0.45), b = f.elbow[i], c = mix(f.elbow[i], f.wrist[i], 0.96);
    vec3 way = normalize(c - a + vec3(0.0, 1e-4, 0.0));
    vec3 at = mix(mix(a, b, along), mix(b, c, along), along);
    at = mix(at, along < 0.5 ? mix(a, b, 2.0 * along) : mix(b, c, 2.0 * along - 1.0), 0.6);
    float level = sqrt(max(1.0 - way.y * way.y, 0.0));
    float reach = 0.35 + 0.65 * u_reach;
    float drop = s * reach * (0.05 + (0.42 + 0.55 * g.pooled + 0.42 * g.flown) * along * along * (1.25 - 0.25 * along))
        * mix(0.20, 1.0, level) * (1.0 - 0.85 * m.fear) * f.grown;
    vec3 down = normalize(vec3(0.0, -1.0, 0.0) + 0.25 * side * f.body[0] * (1.0 - level) - 0.15 * f.body[2]);
    vec3 up = normalize(vec3(0.0, 0.62, 0.0) + side * f.body[0] * (0.35 + 0.3 * along) - 0.35 * f.body[2]);
    vec3 fly = normalize(mix(down, up, 0.9 * m.happy));
    vec3 p = at + fly * (0.02 * s + drop * v) - f.body[2] * 0.02 * s;
    p += f.body[2] * s * (0.05 + 0.05 * g.flown) * v * sin(5.0 * along + 2.0 * v + 0.9 * u_phase) ;
    p.y = max(p.y, f.ground + 0.006 * s);
    return p;
}

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    int i = gl_InstanceID;
    float s = f.size, u = in_uv.x, v = in_uv.y, e = 0.02, eu = u > 0.0 ? -e : e, inside = clamp(v, 0.05, 1.0);
    vec3 p = sleeve(f, g, m, i, u, v), base = sleeve(f, g, m, i, u, inside);
    vec3 across = (sleeve(f, g, m, i, u + eu, inside) - base) / eu, along = (base - sleeve(f, g, m, i, u, inside - e)) / e;
    vec3 n = normalize(cross(across, along) + vec3(0.0, 0.0, 1e-7));
    float deep = u_flesh * g.deep * 0.8 * v;
    vec2 at = vec2(0.45 * u, 0.8 * v);
    vec4 style = vec4(0.0, g.style.yzw);
    p += n * s * deep * 1.3 * (folds(at, style) - 0.4);
    p.y += s * smoothstep(0.6, 1.0, v) * g.torn * 0.20 * fold_ridge(at.x * 9.0, 1.0);
    p.y = max(p.y, f.ground + 0.006 * s);
    v_position = p;
    v_normal = n;
    v_across = normalize(across + vec3(1e-7, 0.0, 0.0));
    v_cloth = vec4(at, deep, 0.25 * m.happy * v);
    v_open = vec2(mix(0.6, 1.0, smoothstep(-0.2, 0.6, 0.6 * (n.z + n.y) + 0.3)), 0.85);
    v_style = style;
    v_own = vec4(s, 0.0, f.near, 0.55);
    gl_Position = to_clip(p);
}
