#version 330 core
// The mantle of a statue: from the brow over head and shoulders to the ground. It lies where it is carried, and hangs, flies or bursts from there.
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

in vec2 in_uv;  // x across the folds in [-1, 1], y from the brow to the hem in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;    // the way across the folds
out vec4 v_cloth;     // across and along the folds in shares of the size; how deep they are there; how much nearer to the accent
out vec2 v_open;      // open to the room, open to the key light
flat out vec4 v_style;
flat out vec4 v_own;  // size, 0, near, how much light comes through

const float HOOD = 0.30, SHOULDERS = 0.46;

vec4 carried_at(vec3 p, Figure f) {
    float s = f.size;
    return melted(cast_robe(p, f, 0.16, 0.30, 1.0 - f.grown), head_at(p, f, 0.0), 0.26 * s);
}
// The mantle hangs from the shoulders, or flies from them.
vec3 mantle(Figure f, Garment g, BodyMoods m, float u, float v) {
    float s = f.size, a = 3.14159265 + u * mix(min(g.closed, mix(2.30, 2.60, f.grown)), g.closed, smoothstep(0.22, 0.50, v));
    float ca = cos(a), sa = sin(a);
    vec3 shoulders = 0.5 * (f.shoulder[0] + f.shoulder[1]), sky = vec3(0.0, 1.0, 0.0);
    vec3 x = f.body[0], z = f.body[2];
    vec3 pole = normalize(f.face[1] + mix(1.1, 0.55, f.grown) * f.face[2]), back = cross(f.face[0], pole);
    float q = min(v / HOOD, 1.0), polar = mix(0.0, 2.05, q);
    vec3 hood = f.head + s * 0.30 * (cos(polar) * pole + sin(polar) * (sa * f.face[0] + ca * back));
    vec3 ring = shoulders + s * ((0.50 - 0.07 * m.fear - 0.10 * (1.0 - f.grown)) * sa * x + (ca > 0.0 ? 0.24 : 0.27) * ca * z + 0.04 * sky);
    float t = clamp((v - SHOULDERS) / (1.0 - SHOULDERS), 0.0, 1.0);
    vec3 p = mix(hood, ring, smoothstep(HOOD - 0.02, SHOULDERS + 0.02, v));
    // Down to the ground, a little wider there.
    vec3 out_by = normalize(sa * x + 0.55 * ca * z + vec3(1e-4, 0.0, 0.0));
    float fall = max(ring.y - f.ground, 0.3 * s) * mix(1.0, 0.80, m.fear);
    vec3 hung = ring - sky * fall * t + out_by * s * ((0.10 + 0.14 * g.pooled - 0.10 * m.fear) * t * t + 0.34 * (1.0 - f.grown) * smoothstep(0.15, 1.0, t));
    // Over knees that are drawn up.
    hung += z * s * (0.46 * m.fear + 0.62 * (1.0 - f.grown)) * max(ca, 0.0) * smoothstep(0.05, 0.6, t);
    float sway = 0.02 * s * t * sin(u_phase * 0.7 + 2.0 * a);
    hung += sway * x;
    // Flown it is a pair of wings: a fan from the shoulders, the longest feathers half way up.
    float reach = 0.5 + 0.5 * u_reach, w = abs(u), side = u < 0.0 ? 1.0 : -1.0;
    float lift = mix(1.35, mix(-0.45, -0.95, m.angry), smoothstep(0.10, 1.0, w)) + 0.05 * sin(u_phase * 1.1 + 3.0 * w) * t;
    float far = reach * t * (0.26 + 1.00 * pow(sin(3.14159265 * pow(w, 0.9) * 0.96 + 0.1), 1.3));
    far *= 1.0 + 0.16 * t * (fold_ridge(w * 6.5 + 0.2, 0.0) - 0.5) * m.happy;
    vec3 flown = mix(ring, shoulders + s * 0.20 * side * x - 0.20 * s * z, 0.6) + s * far * (side * cos(lift) * x + sin(lift) * sky)
        + s * (0.10 * side * far * far * x - (0.28 * t - 0.30 * far * far) * z);
    p = mix(p, mix(hung, flown, g.flown), smoothstep(0.0, 0.06, t) * step(0.0005, t));
    p = t > 0.0 ? p : mix(hood, ring, smoothstep(HOOD - 0.02, SHOULDERS, v));
    // It winds about what turns away.
    float wind = u_twist * mix(0.35, 0.9, m.disgust) * t, cw = cos(wind), sw = sin(wind);
    vec2 from = p.xz - f.pelvis.xz;
    p.xz = f.pelvis.xz + mat2(cw, sw, -sw, cw) * from;
    // Where it is carried it lies on the body.
    float carried = 1.0 - smoothstep(SHOULDERS - 0.06, SHOULDERS + 0.02, v), thick = 0.045 * s;
    vec4 d = carried_at(p, f);
    p -= d.xyz * mix(min(d.w - thick, 0.0), d.w - thick, carried);
    // Startled it bursts open round the head.
    if (m.surprise > 0.01) {
        float psi = 3.14159265 * u, r = 0.15 + 0.62 * v * reach * (1.0 + 0.22 * v * fold_ridge(u * 7.0, 0.0));
        // It looks at the viewer, whatever way the face looks.
        vec3 right = normalize(mix(f.face[0], vec3(1.0, 0.0, 0.0), 0.7)), up = normalize(mix(f.face[1], sky, 0.7));
        vec3 burst = f.head + s * (r * (sin(psi) * right + cos(psi) * up) + (-0.16 + 0.30 * v * v) * cross(right, up) - 0.05 * up);
        p = mix(p, burst, smoothstep(0.1, 0.8, m.surprise));
    }
    p.y = max(p.y, f.ground + 0.006 * s);
    return p;
}

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    float s = f.size, u = in_uv.x, v = mix(0.004, 1.0, in_uv.y), e = 0.015, eu = u > 0.0 ? -e : e, ev = v > 0.5 ? -e : e;
    vec3 p = mantle(f, g, m, u, v), across = (mantle(f, g, m, u + eu, v) - p) / eu, along = (mantle(f, g, m, u, v + ev) - p) / ev;
    vec3 n = normalize(cross(across, along) + vec3(0.0, 0.0, 1e-7));
    float free = smoothstep(0.06, 0.75, v), deep = u_flesh * g.deep
        * mix(0.10, 1.25 + 0.6 * (1.0 - f.grown), free) * (1.0 + 0.4 * m.surprise * free + 0.9 * m.happy * free);
    vec2 at = vec2(u * (0.75 + 0.25 * g.closed), v * 1.7 * (1.0 - 0.85 * m.surprise));
    vec4 style = vec4(0.8 * m.fear, g.style.yzw);
    p += n * s * deep * 1.3 * (folds(at, style) - 0.4);
    if (g.clotted > 0.01) p += n * s * 0.085 * g.clotted * swell3(p / s * 5.0 + vec3(0.0, 0.3 * u_phase, 0.0));
    // Torn it ends in points that stand out.
    p += normalize(along + vec3(0.0, -1e-5, 0.0)) * s * smoothstep(0.72, 1.0, v) * g.torn * (0.30 * fold_ridge(at.x * 5.2 + 0.1, 1.0) - 0.10);
    p.y = max(p.y, f.ground + 0.006 * s);
    v_position = p;
    v_normal = n;
    v_across = normalize(across + vec3(1e-7, 0.0, 0.0));
    // Towards its hem it takes the accent where it flies or bursts.
    v_cloth = vec4(at, deep, (0.5 * m.surprise + 0.42 * m.happy) * smoothstep(0.35, 1.0, v) - 0.30 * m.surprise * (1.0 - v) - 0.10 * m.sad);
    float lit = cast_robe(p + to_key() * 0.18 * s, f, 0.12, g.hem, 1.0).w / (0.10 * s);
    v_open = vec2(mix(0.55, 1.0, smoothstep(-0.2, 0.6, 0.6 * (n.z + n.y) + 0.3)), mix(0.35, 1.0, smoothstep(-0.2, 1.0, lit)));
    v_style = style;
    v_own = vec4(s, 0.0, f.near, 0.55);
    gl_Position = to_clip(p);
}
