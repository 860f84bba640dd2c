#version 330 core
// The arms of a statue, from the shoulder to the finger tips. Instance 0 is the arm on the right, 1 on the left.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/weather.glsl"
#include "lib/body/figure.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/colour/ramp.glsl"
#define HAZE_PLACE vec2(0.5, 0.6)
#include "lib/light/shade.glsl"
#include "lib/body/cast.glsl"
#include "lib/body/shroud.glsl"
#include "lib/body/grains.glsl"
#include "lib/body/stone_light.glsl"
#include "lib/body/under_cloth.glsl"
#include "lib/body/carving.glsl"
uniform float u_flesh, u_reach;

in vec2 in_uv;  // x round the arm in [-1, 1], y from the shoulder to the finger tips in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec2 v_grain;
out vec4 v_cut;
out vec2 v_open;
out vec3 v_place;
flat out mat3 v_face;
flat out vec4 v_carved;
flat out vec4 v_own;

const float WRIST = 0.74;

// On which side of the hand the thumb is: towards the body where the hand hangs.
float thumb_side(Figure f, int i, vec3 flat_by) { return dot(flat_by, f.body[0]) * (i == 0 ? -1.0 : 1.0) < 0.0 ? -1.0 : 1.0; }

// A point of the arm; way: along it there.
vec3 arm(Figure f, BodyMoods m, int i, float turn, float v, float out_of, out vec3 way) {
    float s = f.size, t = min(v / WRIST, 1.0), hand = max(v - WRIST, 0.0) / (1.0 - WRIST), side = i == 0 ? 1.0 : -1.0;
    vec3 a = mix(f.shoulder[i], f.neck, 0.12), b = f.elbow[i], c = f.wrist[i], goes = normalize(f.palm[i] - f.wrist[i] + vec3(0.0, -1e-4, 0.0));
    // Round the elbow.
    vec3 ab = mix(a, b, t), bc = mix(b, c, t), at = mix(ab, bc, t);
    at = mix(at, t < 0.5 ? mix(a, b, 2.0 * t) : mix(b, c, 2.0 * t - 1.0), 0.55);
    way = normalize(mix(mix(b - a, c - b, smoothstep(0.25, 0.75, t)), goes * s, smoothstep(0.9, 1.0, t)) + vec3(0.0, -1e-4, 0.0));
    at += goes * s * 0.30 * hand;
    vec3 down = normalize(vec3(0.0, -1.0, 0.0) - way * dot(vec3(0.0, -1.0, 0.0), way) - 0.05 * f.body[2] + 1e-4), across = cross(way, down);
    float ca = cos(turn), sa = sin(turn), level = sqrt(max(1.0 - way.y * way.y, 0.0)), under = max(ca, 0.0);
    float r = s * mix(mix(0.112, 0.084, smoothstep(0.0, 0.4, t)), 0.046, smoothstep(0.45, 1.0, t));
    // A sleeve hangs from the forearm.
    float drop = s * (0.35 + 0.65 * u_reach) * (0.19 - 0.09 * m.happy - 0.10 * m.fear) * level * under * under * smoothstep(0.05, 0.60, t) * smoothstep(1.0, 0.80, t) * (1.0 - step(0.001, hand));
    // The hand is flat, broadest at the knuckles, with the ball of its thumb towards the body.
    vec3 level_by = normalize(cross(goes, vec3(0.0, 0.0, 1.0)) + 1e-4);
    level_by *= dot(level_by, across) < 0.0 ? -1.0 : 1.0;
    vec3 flat_by = normalize(mix(across, level_by, smoothstep(0.0, 0.3, hand))), thick_by = normalize(cross(flat_by, way));
    float broad = s * mix(0.048, 0.086, smoothstep(0.0, 0.42, hand)) * mix(1.0, 0.84, smoothstep(0.5, 1.0, hand)), thick = s * mix(0.040, 0.014, smoothstep(0.0, 0.9, hand));
    broad *= 1.0 + 0.55 * max(sa * thumb_side(f, i, flat_by), 0.0) * exp(-pow((hand - 0.30) / 0.17, 2.0));
    vec3 round_by = mix(r * ca * down + r * sa * across, broad * sa * flat_by + thick * ca * thick_by, smoothstep(0.0, 0.25, hand));
    return at + (round_by + drop * down) * out_of;
}

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Weather w = weather(m, f.grown);
    float out_of = 1.0 - under_cloth(f, m);
    if (out_of < 0.02) {
        gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
        return;
    }
    int i = gl_InstanceID;
    float s = f.size, turn = 3.14159265 * in_uv.x, v = in_uv.y, e = 0.02, ev = v > 0.5 ? -e : e;
    vec3 way, other, p = arm(f, m, i, turn, v, out_of, way);
    vec3 round_by = arm(f, m, i, turn + 0.1, v, out_of, other) - p, along = (arm(f, m, i, turn, v + ev, out_of, other) - p) / ev;
    vec3 n = normalize(cross(round_by, along) + vec3(0.0, 0.0, 1e-7));
    // It grows out of the shoulder: both skins lie on one surface.
    float joined = 1.0 - smoothstep(0.06, 0.25, v);
    if (joined > 0.0) {
        for (int k = 0; k < 2; k++) {
            vec4 d = melted(torso_at(p, f), bone_at(p, f.shoulder[i], f.elbow[i], 0.108 * s, 0.094 * s), 0.16 * s);
            p -= d.xyz * (d.w * joined * out_of);
            n = normalize(mix(n, d.xyz, joined));
        }
        p -= n * s * 0.065 * smoothstep(0.16, 0.02, v);
    }
    vec2 at = vec2(v * 1.1 + 0.5 * float(i), turn * 0.13 + 0.3 * float(i));
    float deep = u_flesh * w.deep * 0.34 * smoothstep(0.02, 0.3, v) * smoothstep(1.0, 0.7, v);
    vec4 carved = vec4(0.0, w.carved.yzw);
    p += n * s * deep * (carving(at, carved) - 0.4);
    if (w.carved.y > 0.01) p += n * s * 0.04 * w.carved.y * swell3(p / s * 7.0 + vec3(0.0, 0.3 * u_phase, 0.0));
    v_position = p;
    v_normal = n;
    v_grain = at * s;
    v_cut = vec4(at, deep, 0.0);
    v_open = vec2(0.85, mix(0.5, 1.0, smoothstep(0.0, 0.35, v)));
    v_place = vec3(sin(turn), max(v - WRIST, 0.0) / (1.0 - WRIST), -1.0);
    v_face = mat3(1.0);
    v_carved = carved;
    v_own = vec4(s, w.wet, f.near, w.glow);
    gl_Position = to_clip(p);
}
