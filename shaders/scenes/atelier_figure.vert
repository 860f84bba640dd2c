#version 330 core
// A visitor in the atelier's painting: seen from behind, a cloaked figure that looks into the picture as they do. Strokes fall from the crown and along
// the cloak; light lies on its edge.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/body/reframed.glsl"
#include "lib/body/posed_arm.glsl"
#include "lib/land/lay.glsl"
#include "lib/land/mountain.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"
#include "lib/atelier/scheme.glsl"
#include "lib/atelier/notes.glsl"
#include "lib/atelier/touch.glsl"

in vec2 in_uv;

const int SLEEVE = 16, HAIR = 18, CLOAK = 80, FINE = 90, RIM = 56;

void main() {
    moods_here();
    Mountain m = mountain(u_shape);
    int n = gl_InstanceID - 2 * SLEEVE;
    vec4 lot = lots(gl_InstanceID * 5 + 9001), more = lots(gl_InstanceID * 5 + 9002);
    float H = m.size, there = smoothstep(0.05, 0.5, m.there) * u_presence, deep = (m.crown.y - m.foot) / H;
    vec3 sun = motif_light();
    float side = sun.x > m.crown.x + 0.03 ? 1.0 : -1.0;
    Touch s;
    float t = 0.0, d = 1.0, wide = 0.2, long_by = 0.8, rim = 0.0, lift = 0.0;
    if (n < 0) {
        float mood[7] = float[7](MOOD[0], MOOD[1], MOOD[2], MOOD[3], MOOD[4], MOOD[5], MOOD[6]);
        Reframed r = reframed(u_shape);
        int arm = gl_InstanceID / SLEEVE;
        float k = (float(gl_InstanceID - arm * SLEEVE) + 0.5) / float(SLEEVE);
        vec4 shoulder = reframed_joint(r, u_shape, LEFT_SHOULDER + arm), elbow, wrist;
        posed_arm(r, u_shape, mood, arm, shoulder, reframed_joint(r, u_shape, RIGHT_SHOULDER - arm), elbow, wrist);
        vec2 a = m.to + m.by * (shoulder.xy - m.from) - vec2(0.0, 0.25 * H), b = m.to + m.by * (elbow.xy - m.from), e = m.to + m.by * (wrist.xy - m.from);
        b = mix(b, 2.0 * b - 0.5 * (a + e), 0.5);
        // From the end of the sleeve to the shoulder, along it, the lower ones hang.
        float q = 1.0 - 0.92 * k;
        vec2 at = mix(mix(a, b, q), mix(b, e, q), q), way = normalize(mix(b - a, e - b, q) + 1e-4);
        float thick = H * mix(0.62, 0.26, q), over = lot.x * 2.0 - 1.0;
        vec2 aside = vec2(-way.y, way.x);
        if (aside.y < 0.0) aside = -aside;
        at += aside * over * thick * (over < 0.0 ? 1.0 + 0.9 * q * (1.0 - q) * 4.0 : 0.75);
        float lifted = smoothstep(-0.2, 0.9, (e.y - a.y) / H + 0.22 * abs(e.x - a.x) / H);
        there *= min(smoothstep(0.15, 0.6, elbow.w), smoothstep(0.1, 0.5, wrist.w)) * lifted * (1.0 - MOOD[FEAR]);
        s.middle = at;
        s.way = normalize(mix(way, vec2(0.0, -1.0), max(-over, 0.0) * 0.5));
        t = over * 0.8 * side;
        rim = smoothstep(0.4, 0.9, over);
        wide = mix(0.26, 0.14, q);
        long_by = 0.55;
        d = 2.4;
    } else {
        if (n < HAIR) {
            t = (float(n) + 0.5) / float(HAIR) * 1.7 - 0.85;
            d = 1.0 + 0.25 * (lot.x - 0.5);
            wide = 0.20;
            long_by = 0.95;
        } else if (n < HAIR + CLOAK) {
            float k = fract(float(n) * 0.7548777);
            t = (fract(float(n) * 0.5698403) * 2.0 - 1.0) * 0.84;
            d = 1.9 + (deep + 0.6 - 1.9) * pow(k, 1.3);
            wide = 0.30 + 0.14 * k;
            long_by = 0.9;
        } else if (n < HAIR + CLOAK + FINE) {
            float k = fract(float(n) * 0.7548777);
            t = (fract(float(n) * 0.5698403) * 2.0 - 1.0) * 0.90;
            d = k < 0.3 ? 0.3 + 5.0 * k : 1.8 + (deep + 0.3 - 1.8) * (k - 0.3) / 0.7;
            wide = d < 1.9 ? 0.07 : 0.12;
            long_by = 0.5;
            lift = 1.0;
        } else {
            float k = fract(float(n) * 0.7548777);
            float on_side = lot.x < 0.74 ? side : -side;
            t = on_side * (0.93 + 0.07 * lot.y);
            d = 0.12 + (deep - 0.3) * k * k;
            wide = 0.035 + 0.03 * lot.z;
            long_by = 0.26 + 0.3 * lot.w;
            rim = on_side == side ? 1.0 : 0.45;
        }
        vec2 at = mountain_at(m, t, d), next = mountain_at(m, t + 0.02 * (lot.y - 0.5), d + 0.12);
        float room = mountain_width(m, d);
        wide = min(wide, 0.55 * room + 0.02);
        s.middle = at;
        s.way = normalize(next - at + vec2(0.0, -1e-4));
    }
    vec2 before = s.middle - s.way * long_by * H, beyond = s.middle + s.way * long_by * H;
    s.bend = 0.30 * (lot.w - 0.5);
    if (n >= 0) {
        vec2 up = mountain_at(m, t, max(d - long_by, 0.02)), low = mountain_at(m, t, d + long_by);
        s.way = normalize(low - up + vec2(0.0, -1e-4));
        s.bend = dot(s.middle - 0.5 * (up + low), vec2(s.way.y, -s.way.x)) / (long_by * H);
        s.middle = mix(s.middle, 0.5 * (up + low), 0.67);
    }
    s.reach = long_by * H;
    s.wide = wide * H;
    s.grown = clamp(there * 1.4 - 0.4 * lot.z, 0.0, 1.0);
    // Light from behind: dark within, lit along the edge that is turned to it.
    float key = clamp(0.5 + 0.5 * t * side, 0.0, 1.0), high = smoothstep(3.0, 0.5, d);
    vec3 ground = notes(s.middle, sun, 4.0);
    vec3 dark = u_palette[0] + u_palette[1] * (0.34 + 0.30 * lot.y) + 0.05 * u_counter * (1.0 - key);
    vec3 cloth = mix(dark, u_palette[2], 0.16 * key * key + lift * 0.16 * lot.x * key) + 0.10 * ground;
    vec3 light = mix(cloth, mix(u_palette[2], u_palette[3], 0.65) * (0.5 + 0.4 * lot.y) + 0.3 * ground, rim * 0.9);
    // Below it goes over into the ground.
    float lost = smoothstep(0.62 * deep, deep + 0.2, d);
    light = mix(light, ground * 0.8, 0.65 * lost);
    touch(s, in_uv, light, mix(0.96, 0.5, lost) * (rim > 0.0 ? 0.85 : 1.0), lot.w, 0.9, 0.45, 0.5);
}
