#version 330 core
// The mantle of a statue: a second cloth that only leaves the shroud where a mood lets it fly: wings, a torn cape, a ruff round the head.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/garment.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/folds.glsl"
uniform float u_flesh, u_reach;

in vec2 in_uv;  // x across the folds in [-1, 1], y from the shoulders to the hem in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;    // the way across the folds
out vec4 v_cloth;     // across and along the folds in shares of the size; how deep they are there; how much nearer to the accent
out vec2 v_open;      // open to the room, open to the key light
flat out vec4 v_style;
flat out vec4 v_own;  // size, how wet, near, how much light comes through

vec3 mantle(Figure f, Garment g, BodyMoods m, float u, float v, float worn) {
    float s = f.size, t = v, a = 3.14159265 + u * min(g.closed, 2.1);
    float ca = cos(a), sa = sin(a), side = u < 0.0 ? 1.0 : -1.0, w = abs(u), reach = 0.5 + 0.5 * u_reach;
    vec3 shoulders = 0.5 * (f.shoulder[0] + f.shoulder[1]), sky = vec3(0.0, 1.0, 0.0), x = normalize(mix(f.body[0], vec3(1.0, 0.0, 0.0), 0.7)), z = normalize(mix(f.body[2], vec3(0.0, 0.0, 1.0), 0.7));
    // It grows from within the shroud between the shoulders.
    vec3 ring = shoulders + s * (0.30 * sa * x + (0.10 * ca - 0.06) * z - 0.02 * sky);
    vec3 out_by = normalize(sa * x + 0.55 * ca * z + vec3(1e-4, 0.0, 0.0));
    vec3 hung = ring - sky * max(ring.y - f.ground, 0.3 * s) * t + out_by * s * (0.30 * sqrt(t) + 0.12 * t * t) + 0.02 * s * t * sin(u_phase * 0.7 + 2.0 * a) * x;
    // Flown it is a pair of wings: a fan from the shoulders, the longest feathers half way up.
    float lift = mix(1.35, mix(-0.45, -0.95, m.angry), smoothstep(0.10, 1.0, w)) + 0.05 * sin(u_phase * 1.1 + 3.0 * w) * t;
    float far = reach * t * (0.26 + 1.00 * pow(sin(3.14159265 * pow(w, 0.9) * 0.96 + 0.1), 1.3));
    far *= 1.0 + 0.13 * t * sin(w * 25.0) * m.happy;
    vec3 flown = mix(ring, shoulders + s * 0.16 * side * x - 0.14 * s * z, 0.6) + s * far * (side * cos(lift) * x + sin(lift) * sky)
        + s * (0.10 * side * far * far * x - (0.28 * t - 0.30 * far * far) * z);
    vec3 p = mix(hung, flown, g.flown);
    // A sudden ruff round the head.
    if (m.surprise > 0.01) {
        float psi = 3.14159265 * u, wave = cos(34.55752 * u);
        float r = 0.15 + 0.46 * v * reach * (1.0 + 0.06 * v * wave) * mix(0.62, 1.0, smoothstep(-1.0, -0.2, cos(psi)));
        vec3 right = normalize(mix(f.face[0], vec3(1.0, 0.0, 0.0), 0.7)), up = normalize(mix(f.face[1], sky, 0.7));
        vec3 burst = f.head + s * (r * (sin(psi) * right + cos(psi) * up) + (-0.16 + 0.04 * v * v + 0.08 * v * wave) * cross(right, up) - 0.04 * up);
        p = mix(p, burst, smoothstep(0.1, 0.8, m.surprise));
    }
    p = mix(shoulders - 0.05 * s * z - 0.1 * s * sky, p, worn);
    p.y = max(p.y, f.ground + 0.006 * s);
    return p;
}

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    float worn = f.grown * smoothstep(0.10, 0.60, m.happy + m.surprise + m.angry);
    if (worn < 0.01) {
        gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
        return;
    }
    float s = f.size, u = in_uv.x, v = mix(0.004, 1.0, in_uv.y), e = 0.015, eu = u > 0.0 ? -e : e, ev = v > 0.5 ? -e : e;
    vec3 p = mantle(f, g, m, u, v, worn), across = (mantle(f, g, m, u + eu, v, worn) - p) / eu, along = (mantle(f, g, m, u, v + ev, worn) - p) / ev;
    vec3 n = normalize(cross(across, along) + vec3(0.0, 0.0, 1e-7));
    float free = smoothstep(0.06, 0.75, v), deep = u_flesh * g.deep * free * (1.3 + 0.1 * m.surprise + 0.9 * m.happy);
    vec2 at = vec2(u * (0.75 + 0.25 * g.closed), v * 1.7 * (1.0 - 0.85 * m.surprise));
    vec4 style = vec4(0.0, g.style.yzw);
    p += n * s * deep * 1.3 * (folds(at, style) - 0.4);
    // Torn it ends in points that stand out.
    p += normalize(along + vec3(0.0, -1e-5, 0.0)) * s * smoothstep(0.72, 1.0, v) * g.torn * (0.30 * fold_ridge(at.x * 5.2 + 0.1, 1.0) - 0.10);
    p.y = max(p.y, f.ground + 0.006 * s);
    v_position = p;
    v_normal = n;
    v_across = normalize(across + vec3(1e-7, 0.0, 0.0));
    // Towards its hem it takes the accent.
    v_cloth = vec4(at, deep, (0.22 * m.surprise + 0.34 * m.happy) * smoothstep(0.35, 1.0, v) - 0.25 * m.surprise * (1.0 - v));
    v_open = vec2(mix(0.55, 1.0, smoothstep(-0.2, 0.6, 0.6 * (n.z + n.y) + 0.3)), 1.0) * mix(0.45, 1.0, smoothstep(0.1, 0.5, v));
    v_style = style;
    v_own = vec4(s, g.wet, f.near, 0.55);
    gl_Position = to_clip(p);
}
