#version 330 core
// Ribbons with a thickness and a round edge, on the ways of lib/form/lantern.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/lantern.glsl"

uniform float u_ribbons;

in vec2 in_uv;  // x round the ribbon in [-1, 1], y from the floor to its tip in [0, 1]

out vec3 v_position;
flat out vec4 v_mood_a, v_mood_b;
out vec3 v_normal;
out vec4 v_body;   // along, across [-1, 1], 1 outside 0 lining, random
out vec4 v_heart;  // the light's middle, how far this is off the stalk

void main() {
    Lantern l = lantern_stand();
    Mood m = l.mood;
    float n = float(gl_InstanceID), angle = 6.2831853 * n / floor(u_ribbons);
    float random = hash11(n + 1.0 + floor(u_self[u_shape].x * 1024.0));
    vec2 lot = vec2(random, hash11(91.7 * random));
    l.layer = mod(n, 2.0);
    // Rows lie closer where it ends.
    float s = in_uv.y * (1.5 - 0.5 * in_uv.y), inner = clamp(s, 0.01, 0.97), soft = smoothstep(0.10, 0.34, s);
    vec3 path = lantern_path(s, angle, lot, l), ahead = lantern_path(inner + 0.03, angle, lot, l), here = lantern_path(inner, angle, lot, l);
    vec3 at = lantern_round(path, angle), way = normalize(lantern_round(ahead, angle) - lantern_round(here, angle) + vec3(0.0, 1e-5, 0.0));
    // Across it lies round the axis, and up is what is left; one edge lifts like a louvre's.
    vec3 outward = normalize(vec3(at.x, 0.0, at.z) + 1e-5), round_it = vec3(-outward.z, 0.0, outward.x);
    vec3 side = normalize(round_it - way * dot(round_it, way)), up = cross(way, side);
    up *= dot(up, outward + vec3(0.0, 0.3, 0.0)) < 0.0 ? -1.0 : 1.0;
    float louvre = 0.25 + 0.3 * u_spread, c = cos(louvre), d = sin(louvre);
    vec3 lifted = side * c + up * d;
    up = up * c - side * d;

    float q = clamp((s - 0.12) / 0.88, 0.0, 1.0), tip = 1.0 - q;
    float leaf = pow(q + 0.02, 0.6) * sqrt(max(tip, 0.0)) * 1.5, spear = pow(q + 0.02, 0.6) * tip * 1.4;
    float petal = pow(q + 0.02, 0.7) * pow(max(tip, 0.0), 0.38) * 1.35;
    float jag = (0.5 + 0.5 * sin(25.0 * s + 40.0 * random)) * (0.5 + 0.5 * sin(11.0 * s + 17.0 * random));
    float sum = m.angry + m.disgust + m.fear + m.happy + m.sad + m.surprise + m.neutral + m.sleep + 1e-3;
    // Slime: folds as wide as the belly, then a strand with a drop at its end.
    float strand = smoothstep(0.66, 0.76, s), drop = smoothstep(0.93, 0.975, s) * sqrt(clamp((1.0 - s) / 0.02, 0.0, 1.0));
    float slime = smoothstep(0.0, 0.12, s) * mix(0.115 + 0.020 * sin(13.0 * s + 20.0 * random), 0.017 + 0.024 * pow(tip, 3.0) + 0.020 * drop, strand);
    slime *= sqrt(clamp((1.0 - s) / 0.02, 0.0, 1.0));
    float cocoon = (0.25 + leaf) * smoothstep(1.0, 0.85, s) * smoothstep(0.0, 0.12, s);
    float wide = (m.neutral * mix(0.150, 0.215, lot.y) * mix(petal, spear, 0.90) + m.sleep * 0.078 * leaf + m.happy * 0.160 * mix(leaf, spear, 0.75) * (0.70 + 0.6 * lot.x) + m.sad * 0.125 * (0.16 + 0.9 * spear) * (0.55 + 0.9 * lot.y) * sqrt(tip)
        + m.angry * 0.200 * spear * (1.0 - 0.30 * jag) + m.fear * 0.135 * cocoon + m.disgust * slime
        + m.surprise * mix(0.285, 0.215, l.layer) * mix(leaf, spear, 0.35) * (0.82 + 0.36 * lot.y) * smoothstep(0.16, 0.34, s)) / sum;
    wide *= 1.0 - 0.3 * l.of.frown * jag * (1.0 - max(m.surprise, m.disgust));
    wide = max(wide, 0.014 * smoothstep(1.0, 0.9, s) * (1.0 - max(m.surprise, m.disgust)));
    wide *= 1.0 - 0.93 * lantern_crack(s, angle + path.z + u_phase * 0.10 + u_self[u_shape].x * 6.2831853, l);
    wide = mix(wide, 0.022, (1.0 - smoothstep(0.06, 0.24, s)) * (1.0 - max(m.disgust, m.fear))) * mix(1.0, 18.0 / floor(u_ribbons), 0.7) * smoothstep(-0.01, 0.05, s);
    float thick = min((0.013 + 0.022 * m.disgust) * (1.0 + 0.4 * random), 0.6 * wide);

    float a = in_uv.x * 3.14159265, ca = cos(a), sa = sin(a);
    vec3 p = at + lifted * (wide * ca) + up * (thick * sa);
    vec3 normal = lifted * ca * thick + up * sa * wide;
    // A lens's edge is round: without this the flat sides would be flat.
    normal = normalize(normal + lifted * ca * 0.35 * wide + 1e-6);
    v_position = lantern_place(p, soft, l);
    float tilt = l.tilt * soft, e = cos(tilt), f = sin(tilt);
    normal.yz = mat2(e, f, -f, e) * normal.yz;
    v_normal = normal;
    v_body = vec4(s, ca, sa, random);
    v_heart = vec4(lantern_place(vec3(0.0, l.heart, 0.0), 1.0, l), soft);
    v_mood_a = vec4(m.angry, m.disgust, m.fear, m.happy);
    v_mood_b = vec4(m.sad, m.surprise, m.neutral, m.sleep);
    gl_Position = to_clip(v_position);
}
