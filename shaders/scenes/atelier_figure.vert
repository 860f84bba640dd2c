#version 330 core
// A visitor in the atelier's painting: seen from behind, in a long coat, looking into the picture as they do. Strokes fall from the crown and along the
// coat; light lies on its edge, and its shadow on the ground.
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
#include "lib/atelier/back.glsl"
#include "lib/atelier/scheme.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/atelier/notes.glsl"
#include "lib/atelier/touch.glsl"

in vec2 in_uv;

const int SHADOW = 14, SLEEVE = 24, COAT = 84, HAIR = 22, FOLDS = 70, RIM = 40, GRASS = 26, SCARF = 6;

// The arms of the mood's own gesture, in head half heights from the head, out to the side: thrown open, one thrust up, hands at the ears, one that wards off.
float gesture_arm(int arm, out vec2 elbow, out vec2 wrist) {
    float way = u_self[u_shape].x < 0.5 ? float(arm) : 1.0 - float(arm);
    vec4 angry = mix(vec4(1.9, -1.9, 2.9, 0.3), vec4(2.5, -3.3, 1.7, -4.3), way), disgust = mix(vec4(2.3, -2.5, 3.0, -0.6), vec4(1.9, -3.2, 0.9, -1.1), way);
    vec4 all = MOOD[ANGRY] * angry + MOOD[DISGUST] * disgust + MOOD[FEAR] * vec4(1.95, -1.55, 0.82, 0.25) + MOOD[HAPPY] * vec4(2.2, -1.3, 3.0, 1.0) + MOOD[SURPRISE] * vec4(2.25, -1.75, 2.75, 0.35);
    float share = MOOD[ANGRY] + MOOD[DISGUST] + MOOD[FEAR] + MOOD[HAPPY] + MOOD[SURPRISE];
    all /= max(share, 1e-3);
    elbow = all.xy;
    wrist = all.zw;
    return smoothstep(0.3, 0.8, share);
}

struct Place { float t, d, wide, long_by, rim, lift; };

// Where on the body a stroke lies: coat first, then the head over it, then folds, and the light on the outline.
Place place_of(int n, Mountain m, float deep, float side, vec4 lot) {
    Place q = Place(0.0, 1.0, 0.2, 0.8, 0.0, 0.0);
    float k = fract(float(n) * 0.7548777), across = fract(float(n) * 0.5698403) * 2.0 - 1.0;
    if (n < COAT) {
        q.d = 1.95 + (deep + 0.4 - 1.95) * k;
        q.t = across * 0.80;
        q.wide = 0.24 * back_width(m, q.d);
        q.long_by = min(0.5 + 0.14 * (q.d - 1.7) + 0.3 * lot.y, 1.6);
        q.d = max(q.d, 1.80 + q.long_by - 0.25 * abs(q.t));
    } else if (n < COAT + HAIR) {
        // A scarf before the hair that falls over it.
        int k = n - COAT;
        q.t = k < SCARF ? 0.0 : (float(k - SCARF) + 0.5) / float(HAIR - SCARF) * 1.56 - 0.78;
        q.d = k < SCARF ? 1.66 + 0.11 * float(k) : 0.98 + 0.2 * (lot.x - 0.5);
        q.wide = k < SCARF ? 0.11 : 0.16;
        q.long_by = k < SCARF ? 0.45 : 0.76 + 0.18 * lot.w;
    } else if (n < COAT + HAIR + FOLDS) {
        q.d = k < 0.34 ? 0.35 + 3.4 * k : 2.5 + (deep - 2.7) * (k - 0.34) / 0.66;
        q.t = across * 0.92;
        q.wide = q.d < 1.7 ? 0.055 : 0.05 + 0.12 * lot.z;
        q.long_by = q.d < 1.7 ? 0.36 : 0.5 + 0.6 * lot.y;
        q.lift = 1.0;
    } else {
        float on_side = lot.x < 0.86 ? side : -side;
        q.t = on_side * (0.90 + 0.08 * lot.y);
        q.d = 0.15 + (deep - 1.5) * k * k;
        q.wide = 0.02 + 0.06 * lot.z * lot.z;
        q.long_by = 0.16 + 0.5 * lot.w * lot.w;
        q.rim = on_side == side ? 1.0 : 0.35;
    }
    return q;
}

void main() {
    moods_here();
    Mountain m = mountain(u_shape);
    int n = gl_InstanceID - SHADOW - 2 * SLEEVE;
    vec4 lot = lots(gl_InstanceID * 5 + 9001);
    float H = m.size, there = smoothstep(0.05, 0.5, m.there) * u_presence, whole = smoothstep(2.1, 2.8, u_seen[u_shape].x), deep = (m.crown.y - mix(min(m.foot, -1.15), m.foot, whole)) / H;
    vec3 sun = motif_light();
    float side = sun.x > m.crown.x + 0.03 ? 1.0 : -1.0;
    Touch s;
    s.bend = 0.0;
    Place q = Place(0.0, 2.4, 0.2, 0.8, 0.0, 0.0);
    bool hand = false, scarf = n >= COAT && n < COAT + SCARF, on_ground = n < -2 * SLEEVE || n >= COAT + HAIR + FOLDS + RIM;
    if (on_ground) {
        // Its shadow lies on the ground, towards the viewer; over the hem grows what is there.
        bool shadow = n < 0;
        float foot = m.crown.y - deep * H, reach = back_width(m, deep) * H, k = lot.x * 2.0 - 1.0;
        s.middle = vec2(m.middle.x + k * reach * (shadow ? 1.25 : 1.05) - (shadow ? side * 0.5 * H : 0.0), foot + H * (shadow ? 0.05 - 0.9 * lot.y : 0.25 - 0.6 * lot.y));
        s.way = shadow ? normalize(vec2(1.0, 0.10 * (lot.z - 0.5))) : normalize(vec2(0.5 * (lot.z - 0.5) + 0.3 * k, 1.0));
        q.wide = shadow ? 0.22 : 0.02 + 0.05 * lot.w;
        q.long_by = shadow ? 0.7 + 0.7 * lot.w : 0.16 + 0.4 * lot.z * lot.z;
        q.d = deep + 0.3;
        there *= whole;
    } else if (n < 0) {
        float mood[7] = float[7](MOOD[0], MOOD[1], MOOD[2], MOOD[3], MOOD[4], MOOD[5], MOOD[6]);
        Reframed r = reframed(u_shape);
        int i = gl_InstanceID - SHADOW, arm = i / SLEEVE, j = i - arm * SLEEVE;
        vec4 shoulder = reframed_joint(r, u_shape, LEFT_SHOULDER + arm), elbow, wrist;
        posed_arm(r, u_shape, mood, arm, shoulder, reframed_joint(r, u_shape, RIGHT_SHOULDER - arm), elbow, wrist);
        vec2 a = m.to + m.by * (shoulder.xy - m.from) - vec2(0.0, 0.18 * H), b = m.to + m.by * (elbow.xy - m.from), e = m.to + m.by * (wrist.xy - m.from);
        // A sleeve is sewn to the coat's shoulder.
        a = mix(a, back_at(m, a.x < m.middle.x ? -0.74 : 0.74, 2.8), 0.8);
        // Whoever is seen near has the mood's gesture, though no camera sees their arms; in fear everybody's hands are at their head.
        vec2 to_elbow, to_wrist, outwards = vec2(a.x < m.middle.x ? -H : H, H), seated = m.crown - vec2(0.0, 1.06 * H);
        float raised = smoothstep(0.1, 0.5, wrist.w) * smoothstep(-1.5, 0.0, (wrist.y - shoulder.y) / r.half_head) * (1.0 - MOOD[FEAR]);
        float gesture = gesture_arm(arm, to_elbow, to_wrist) * max((1.0 - smoothstep(1.8, 2.4, u_seen[u_shape].x)) * (1.0 - raised), MOOD[FEAR]);
        b = mix(b, seated + outwards * to_elbow, gesture);
        e = mix(e, seated + outwards * to_wrist, gesture);
        b = mix(b, 2.0 * b - 0.5 * (a + e), 0.2);
        // An arm that nobody sees, or that is at rest, hangs beside the coat.
        float lifted = smoothstep(-0.2, 0.9, (e.y - a.y) / H + 0.22 * abs(e.x - a.x) / H), out_to = sign(outwards.x);
        float shown = max(gesture, min(smoothstep(0.15, 0.6, elbow.w), smoothstep(0.1, 0.5, wrist.w)) * lifted * smoothstep(1.1, 1.8, u_seen[u_shape].x));
        b = mix(a + vec2(0.36 * out_to, -1.75) * H, b, shown);
        e = mix(a + vec2(0.28 * out_to, -3.45) * H, e, shown);
        // Cloth that hangs from the arm, then the arm, then light on its upper side, then the hand.
        float k = j < 10 ? 0.95 - 0.9 * (float(j) + lot.x) / 10.0 : (float(j < 20 ? j - 10 : j - 20) + 0.5) / (j < 20 ? 10.0 : 2.0), run = distance(a, b) + distance(b, e);
        vec2 way = normalize(mix(b - a, e - b, k) + 1e-4), aside = vec2(-way.y, way.x);
        if (aside.y < 0.0) aside = -aside;
        float thick = mix(0.52, 0.30, k) * (1.0 - 0.3 * smoothstep(0.9, 1.0, k));
        s.middle = mix(mix(a, b, k), mix(b, e, k), k);
        s.way = way;
        q.wide = thick;
        q.long_by = 0.24 * run / H;
        if (j < 10) {
            q.long_by = (0.25 + 0.75 * (1.0 - k)) * (0.7 + 0.5 * lot.y);
            s.way = normalize(vec2(0.45 * sign(m.middle.x - s.middle.x), -1.0) + 0.3 * way);
            s.middle += s.way * q.long_by * 0.8 * H;
            q.wide = 0.24;
        } else if (j >= 22) {
            hand = true;
            vec2 out_of = normalize(e - b + 1e-4);
            s.way = normalize(out_of + (j == 22 ? 0.10 : 0.42) * vec2(-out_of.y, out_of.x) * out_to);
            s.middle = e + (j == 22 ? 0.30 : 0.20) * H * s.way;
            s.bend = 0.12 * out_to;
            q.wide = j == 22 ? 0.17 : 0.07;
            q.long_by = j == 22 ? 0.36 : 0.26;
        } else if (j >= 20) {
            s.middle += 0.72 * thick * H * aside;
            q.wide = 0.05 + 0.05 * lot.z;
            q.long_by = 0.12 * run / H;
            q.rim = 0.8;
        }
        q.t = 0.6 * side;
        q.d = 3.6;
        q.lift = j < 10 || hand ? 0.0 : 0.45;
        if (j < 10) there *= shown;
    } else {
        q = place_of(n, m, deep, side, lot);
        vec2 up = back_at(m, q.t, max(q.d - q.long_by, 0.02)), at = back_at(m, q.t, q.d), low = back_at(m, q.t, q.d + q.long_by);
        vec2 along = low - up + vec2(0.0, -1e-4);
        s.way = normalize(along);
        q.long_by = 0.5 * length(along) / H;
        s.bend = clamp(dot(at - 0.5 * (up + low), vec2(s.way.y, -s.way.x)) / (q.long_by * H), -0.6, 0.6);
        s.middle = mix(at, 0.5 * (up + low), 0.67);
        if (scarf) {
            // It goes round the neck, and hangs a little.
            s.middle = at + 0.06 * H * (lot.xy - 0.5);
            s.way = normalize(vec2(1.0, 0.16 * (lot.z - 0.5)));
            s.bend = 0.22;
            q.long_by = (0.94 + 0.12 * lot.w) * min(back_width(m, q.d), 0.66 + 0.10 * (q.d - 1.66));
        }
    }
    s.reach = q.long_by * H;
    s.wide = q.wide * H;
    s.grown = clamp(there * 1.4 - 0.4 * lot.z, 0.0, 1.0);
    // Light from behind: dark within, lit along the edge that is turned to it, and the sky's colour in the shadow.
    float key = clamp(0.5 + 0.5 * q.t * side, 0.0, 1.0);
    vec3 ground = notes(s.middle, sun, 4.0);
    vec3 hair = step(q.d, 1.95) * (u_counter * 0.03 + u_palette[2] * 0.05);
    vec3 dark = u_palette[0] + u_palette[1] * (0.36 + 0.22 * lot.y) + hair;
    vec3 cloth = dark + u_palette[2] * (0.10 * key * key + q.lift * 0.26 * lot.x * lot.x * key) + u_counter * (0.03 + 0.07 * q.lift * lot.w) * (1.0 - key) + 0.07 * ground;
    cloth += (0.15 * ground + 0.03 * u_palette[3]) * exp(-0.40 * abs(q.d - 2.5)) * step(1.9, q.d) * (0.3 + 0.7 * lot.w) * (n < 0 ? 0.25 : 1.0);
    cloth = mix(vec3(dot(cloth, vec3(0.2126, 0.7152, 0.0722))), cloth, 0.72 - 0.22 * MOOD[SURPRISE]);
    vec3 lit = mix(u_palette[2], u_palette[3], 0.65) * (0.35 + 0.55 * lot.y) + 0.35 * ground;
    // The scarf is the one spot of the second colour.
    if (scarf) cloth = mix(u_palette[3], u_counter, 0.75) * (0.16 + 0.22 * lot.y) + 0.10 * ground;
    // Hands are bare, and catch the light.
    if (hand) cloth = mix(vec3(0.34, 0.20, 0.14), u_palette[2], 0.45) * (0.55 + 0.25 * lot.y) + 0.22 * ground;
    vec3 light = mix(cloth, lit, 0.95 * q.rim);
    float lost = smoothstep(0.55 * deep, deep + 0.1, q.d) * whole;
    light = mix(light, ground * 0.55, 0.55 * lost);
    if (on_ground) light = n < 0 ? ground * 0.30 : ground * (0.55 + 0.6 * lot.y);
    touch(s, in_uv, light, on_ground ? (n < 0 ? 0.45 : 0.8) : mix(0.97, 0.6, max(0.6 * q.rim, lost)), lot.w, 0.9 - 0.3 * q.lift, on_ground ? 0.05 : 0.30, 0.5);
}
