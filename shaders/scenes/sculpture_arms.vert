#version 330 core
// The sleeves of a statue: closed tubes that hang from the arms and turn in at the wrist. Instance 0 is the arm on the right, 1 on the left.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/garment.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/cast.glsl"
#include "lib/body/openness.glsl"
#include "lib/body/under_cloth.glsl"
#include "lib/body/folds.glsl"
uniform float u_flesh, u_reach;

in vec2 in_uv;  // x round the arm in [-1, 1], y from the shoulder to the cuff and in again in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;    // the way across the folds
out vec4 v_cloth;     // across and along the folds in shares of the size; how deep they are there; how much nearer to the accent
out vec2 v_open;      // open to the room, open to the key light
flat out vec4 v_style;
flat out vec4 v_own;  // size, how wet, near, how much light comes through

const float CUFF = 0.88;

// A point of the sleeve; way: along the arm there.
vec3 sleeve(Figure f, Garment g, BodyMoods m, int i, float turn, float v, float out_of, out vec3 way) {
    float s = f.size, t = min(v / CUFF, 1.0), turned_in = max(v - CUFF, 0.0) / (1.0 - CUFF);
    vec3 a = mix(f.shoulder[i], f.neck, 0.10), b = f.elbow[i], c = mix(f.elbow[i], f.wrist[i], 1.04);
    // Round the elbow.
    vec3 ab = mix(a, b, t), bc = mix(b, c, t), at = mix(ab, bc, t);
    at = mix(at, t < 0.5 ? mix(a, b, 2.0 * t) : mix(b, c, 2.0 * t - 1.0), 0.45);
    way = normalize(mix(b - a, c - b, smoothstep(0.25, 0.75, t)) + vec3(0.0, -1e-4, 0.0));
    vec3 down = vec3(0.0, -1.0, 0.0);
    float level = sqrt(max(1.0 - way.y * way.y, 0.0));
    down = normalize(down - way * dot(down, way) - 0.05 * f.body[2] + 1e-4);
    vec3 side = cross(way, down);
    float ca = cos(turn), sa = sin(turn), under = max(ca, 0.0);
    float r = s * (mix(0.060, 0.096, smoothstep(0.05, 0.40, t)) + 0.012 * level * t * t + 0.10 * f.near * smoothstep(0.90, 0.45, t) * smoothstep(0.05, 0.40, t));
    float drop = s * (0.35 + 0.65 * u_reach) * (0.03 + (0.26 + 0.25 * g.pooled + 0.10 * m.happy) * t * t * t) * level * (1.0 - 0.55 * m.fear) * under * under;
    // Turned in at the cuff: the hand comes from a shadow.
    r *= 1.0 - 0.62 * turned_in;
    drop *= 1.0 - 0.75 * turned_in;
    at -= way * s * 0.10 * turned_in;
    return at + (r * ca + drop) * out_of * down + r * (1.0 - 0.25 * under * t) * out_of * sa * side + 0.05 * drop * sin(7.0 * t + 0.9 * u_phase) * side;
}

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    float out_of = 1.0 - under_cloth(f);
    if (out_of < 0.02) {
        gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
        return;
    }
    float s = f.size, turn = 3.14159265 * in_uv.x, v = in_uv.y, e = 0.02, ev = v > 0.5 ? -e : e;
    vec3 way, other, p = sleeve(f, g, m, gl_InstanceID, turn, v, out_of, way);
    vec3 round_by = (sleeve(f, g, m, gl_InstanceID, turn + 0.1, v, out_of, other) - p), along = (sleeve(f, g, m, gl_InstanceID, turn, v + ev, out_of, other) - p) / ev;
    vec3 n = normalize(cross(round_by, along) + vec3(0.0, 0.0, 1e-7));
    vec2 at = vec2(v * 1.1, turn * 0.13 + 0.3 * float(gl_InstanceID));
    float deep = u_flesh * g.deep * 0.75 * smoothstep(0.02, 0.3, v) * smoothstep(1.0, CUFF, v);
    vec4 style = vec4(0.0, g.style.yzw);
    p += n * s * deep * 0.6 * (folds(at, style) - 0.35);
    if (g.clotted > 0.01) p += n * s * 0.04 * g.clotted * swell3(p / s * 7.0 + vec3(0.0, 0.3 * u_phase, 0.0));
    float inside = smoothstep(CUFF, 1.0, v);
    v_position = p;
    v_normal = n;
    v_across = normalize(way - n * dot(n, way) + vec3(1e-6, 0.0, 0.0));
    v_cloth = vec4(at, deep, -0.3 * inside - 0.20 * m.angry - 0.14 * m.disgust);
    v_open = openness(p, n, f, g.hem) * (1.0 - 0.8 * inside);
    v_style = style;
    v_own = vec4(s, g.wet, f.near, 0.25);
    gl_Position = to_clip(p);
}
