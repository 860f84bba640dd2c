#version 330 core
// Mantle and sleeves of a statue: sheets that lie on it where it carries them and hang, fly or pool from there. Instance 0 is the mantle
// from the brow over head and shoulders to the ground, 1 and 2 the sleeves.
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
uniform float u_flesh, u_reach;

in vec2 in_uv;  // x across the folds in [-1, 1], y from where it is carried to its hem in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;
out vec4 v_cloth;
out vec2 v_open;
flat out vec4 v_style;
flat out vec4 v_own;

const float HOOD = 0.30, SHOULDERS = 0.46;

vec4 carried_at(vec3 p, Figure f) {
    float s = f.size;
    return melted(cast_robe(p, f, 0.16, 0.30, 1.0 - f.grown), head_at(p, f, 0.0), 0.26 * s);
}
// The mantle hangs from the shoulders, or flies from them.
vec3 mantle(Figure f, Garment g, Moods m, float u, float v) {
    float s = f.size, a = 3.14159265 + u * g.closed;
    float ca = cos(a), sa = sin(a);
    vec3 shoulders = 0.5 * (f.shoulder[0] + f.shoulder[1]), sky = vec3(0.0, 1.0, 0.0);
    vec3 x = f.body[0], z = f.body[2];
    vec3 pole = normalize(f.face[1] + mix(1.1, 0.55, f.grown) * f.face[2]), back = cross(f.face[0], pole);
    float q = min(v / HOOD, 1.0), polar = mix(0.0, 2.05, q);
    vec3 hood = f.head + s * 0.30 * (cos(polar) * pole + sin(polar) * (sa * f.face[0] + ca * back));
    vec3 ring = shoulders + s * (0.50 * sa * x + (ca > 0.0 ? 0.24 : 0.27) * ca * z + 0.04 * sky);
    float t = clamp((v - SHOULDERS) / (1.0 - SHOULDERS), 0.0, 1.0);
    vec3 p = mix(hood, ring, smoothstep(HOOD - 0.02, SHOULDERS + 0.02, v));
    // Down to the ground, a little wider there.
    vec3 out_by = normalize(sa * x + 0.55 * ca * z + vec3(1e-4, 0.0, 0.0));
    float fall = max(ring.y - f.ground, 0.3 * s) * mix(1.0, 0.80, m.fear);
    vec3 hung = ring - sky * fall * t + out_by * s * (0.10 + 0.14 * g.pooled - 0.10 * m.fear) * t * t;
    float sway = 0.02 * s * t * sin(u_phase * 0.7 + 2.0 * a);
    hung += sway * x;
    float wide = abs(sa), reach = 0.5 + 0.5 * u_reach;
    vec3 flown = ring + reach * s * (out_by * (0.95 * t + 0.25 * t * t) * mix(0.45, 1.25, wide)
        + sky * (1.25 * wide * t * t - 0.75 * t * (1.0 - wide * wide) + 0.06 * sin(5.0 * a + u_phase * 1.3) * t) - 0.25 * z * t);
    p = mix(p, mix(hung, flown, g.flown), smoothstep(0.0, 0.06, t) * step(0.0005, t));
    p = t > 0.0 ? p : mix(hood, ring, smoothstep(HOOD - 0.02, SHOULDERS, v));
    // It winds about what turns away.
    float wind = u_twist * 0.9 * m.disgust * t, cw = cos(wind), sw = sin(wind);
    vec2 from = p.xz - f.pelvis.xz;
    p.xz = f.pelvis.xz + mat2(cw, sw, -sw, cw) * from;
    // Where it is carried it lies on the body.
    float carried = 1.0 - smoothstep(SHOULDERS - 0.06, SHOULDERS + 0.02, v), thick = 0.045 * s;
    for (int n = 0; n < 2; n++) {
        vec4 d = carried_at(p, f);
        p -= d.xyz * mix(min(d.w - thick, 0.0), d.w - thick, carried);
    }
    // Startled it bursts open round the head.
    if (m.surprise > 0.01) {
        float psi = 3.14159265 * u, r = 0.15 + 0.62 * v * reach * (1.0 + 0.22 * v * ridge(u * 7.0, 0.0));
        vec3 burst = f.head + s * (r * (sin(psi) * f.face[0] + cos(psi) * f.face[1]) + (-0.14 + 0.30 * v * v) * f.face[2] - 0.05 * f.face[1]);
        p = mix(p, burst, smoothstep(0.1, 0.8, m.surprise));
    }
    p.y = max(p.y, f.ground + 0.006 * s);
    return p;
}
vec3 sleeve(Figure f, Garment g, Moods m, int i, float u, float v) {
    float s = f.size, along = 0.5 + 0.5 * u, side = i == 0 ? 1.0 : -1.0;
    vec3 a = mix(f.shoulder[i], f.elbow[i], 0.45), b = f.elbow[i], c = mix(f.elbow[i], f.wrist[i], 0.96);
    vec3 way = normalize(c - a + vec3(0.0, 1e-4, 0.0));
    vec3 at = mix(mix(a, b, along), mix(b, c, along), along);
    at = mix(at, along < 0.5 ? mix(a, b, 2.0 * along) : mix(b, c, 2.0 * along - 1.0), 0.6);
    float level = sqrt(max(1.0 - way.y * way.y, 0.0));
    float reach = 0.35 + 0.65 * u_reach;
    float drop = s * reach * (0.05 + (0.42 + 0.55 * g.pooled + 0.42 * g.flown) * along * along * (1.25 - 0.25 * along)) * mix(0.20, 1.0, level) * (1.0 - 0.85 * m.fear);
    vec3 down = normalize(vec3(0.0, -1.0, 0.0) + 0.25 * side * f.body[0] * (1.0 - level) - 0.15 * f.body[2]);
    vec3 up = normalize(vec3(0.0, 0.62, 0.0) + side * f.body[0] * (0.35 + 0.3 * along) - 0.35 * f.body[2]);
    vec3 fly = normalize(mix(down, up, 0.9 * m.happy));
    vec3 p = at + fly * (0.02 * s + drop * v) - f.body[2] * 0.02 * s;
    p += f.body[2] * s * (0.05 + 0.05 * g.flown) * v * sin(5.0 * along + 2.0 * v + 0.9 * u_phase) ;
    p.y = max(p.y, f.ground + 0.006 * s);
    return p;
}
vec3 sheet(Figure f, Garment g, Moods m, float u, float v) {
    return gl_InstanceID == 0 ? mantle(f, g, m, u, v) : sleeve(f, g, m, gl_InstanceID - 1, u, v);
}

void main() {
    Moods m = moods();
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    float s = f.size, u = in_uv.x, v = in_uv.y, e = 0.015;
    bool mantled = gl_InstanceID == 0;
    float inside = clamp(v, 0.03, 0.97);
    vec3 p = sheet(f, g, m, u, v);
    vec3 base = sheet(f, g, m, u, inside);
    vec3 across = sheet(f, g, m, u + (u > 0.0 ? -e : e), inside) - base, along = sheet(f, g, m, u, inside + (v > 0.5 ? -e : e)) - base;
    across *= u > 0.0 ? -1.0 : 1.0;
    along *= v > 0.5 ? -1.0 : 1.0;
    vec3 n = normalize(cross(across, along) + vec3(0.0, 0.0, 1e-7));
    float free = mantled ? smoothstep(0.06, 0.75, v) : v;
    float deep = u_flesh * g.deep * (mantled ? mix(0.10, 1.25, free) : 0.8 * free) * (1.0 + 0.4 * m.surprise * free);
    vec2 at = mantled ? vec2(u * (0.75 + 0.25 * g.closed), v * 1.7) : vec2(0.45 * u, 0.8 * v);
    at.y *= 1.0 - 0.85 * (mantled ? m.surprise : 0.0);
    vec4 style = g.style;
    style.x = mantled ? 0.8 * m.fear : 0.0;
    float h = folds(at, style);
    p += n * s * deep * 1.3 * (h - 0.4);
    if (g.clotted > 0.01) p += n * s * 0.05 * g.clotted * swell3(p / s * 5.0 + vec3(0.0, 0.3 * u_phase, 0.0));
    // Torn it ends in points that stand out.
    float tip = ridge(at.x * 5.2 + 0.1, 1.0), low = smoothstep(0.72, 1.0, v);
    p += (p - base) * 0.0 + normalize(along + vec3(0.0, -1e-5, 0.0)) * s * low * g.torn * (0.30 * tip - 0.10);
    p.y = max(p.y, f.ground + 0.006 * s);
    v_position = p;
    v_normal = n;
    v_across = normalize(across + vec3(1e-7, 0.0, 0.0));
    v_cloth = vec4(at, deep, mantled ? 0.5 * (m.surprise + m.happy) * smoothstep(0.2, 1.0, v) - 0.30 * m.surprise * (1.0 - v) - 0.10 * m.sad : 0.25 * m.happy * v);
        float shadow = cast_robe(p + KEY * 0.16 * s, f, 0.12, g.hem, 1.0).w / (0.10 * s);
    float over = head_at(p + KEY * 0.14 * s, f, 0.0).w / (0.08 * s);
    v_open = vec2(mix(0.55, 1.0, smoothstep(-0.2, 0.6, n.z * 0.6 + 0.6 * n.y + 0.3)), smoothstep(-0.2, 1.0, min(shadow, over)));
    v_style = style;
    v_own = vec4(s, 2.0, f.near, 0.55);
    gl_Position = to_clip(p);
}
