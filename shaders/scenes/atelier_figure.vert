#version 330 core
// A visitor in the atelier's painting: seen from behind, in a coat with a sash, looking into the picture as they do. Strokes fall along coat and hair; the light of what
// they look at lies on their edge, and their shadow on the ground.
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
#include "lib/atelier/arm.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/atelier/motif.glsl"
#include "lib/atelier/notes.glsl"
#include "lib/atelier/touch.glsl"

in vec2 in_uv;

// In the order they are painted; each number is where its kind ends.
const int SHADOW = 12, LEGS = 20, COAT = 84, FOLDS = 126, SASH = 130, ARMS = 172, YOKE = 180, NAPE = 184, EARS = 186, SCARF = 190, HAIR = 222, KNOT = 228, RIM = 274, GRASS = 296;
const int ARM = 21;

// What a stroke shows: turned to the light [-1, 1]; how much lighter or darker; what it is made of.
struct Look { float side; float lift; float rim; int stuff; float opaque; };
const int CLOTH = 0, SKIN = 1, LOCKS = 2, BAND = 3, EARTH = 4;

// A stroke down the back, from `from` to `to` along t.
void fall(inout Touch s, Back b, float t, float from, float to) {
    vec2 up = back_at(b, t, max(from, 0.02)), at = back_at(b, t, 0.5 * (from + to)), low = back_at(b, t, to), along = low - up + vec2(0.0, -1e-4);
    s.way = normalize(along);
    s.reach = 0.5 * length(along);
    s.middle = at;
    s.bend = clamp(-1.0 * dot(at - 0.5 * (up + low), vec2(-s.way.y, s.way.x)) / max(s.reach, 1e-3), -0.6, 0.6);
    s.middle = mix(0.5 * (up + low), at, 0.67);
}
void across(inout Touch s, Back b, float d, float share, float sag) {
    s.middle = back_at(b, 0.0, d);
    s.way = vec2(1.0, 0.0);
    s.reach = share * back_width(b, d) * b.m.size;
    s.bend = sag;
}
void on_the_ground(inout Touch s, inout Look look, Back b, int n, float side, vec4 lot) {
    float H = b.m.size, foot = b.m.crown.y - b.deep * H, k = lot.x * 2.0 - 1.0;
    bool shadow = n < SHADOW;
    if (shadow) {
        // It falls towards the viewer, away from the light.
        float out_by = (float(n) + lot.y) / float(SHADOW);
        s.middle = vec2(b.m.middle.x - side * 1.9 * H * out_by + 0.5 * k * H, foot - 2.6 * H * out_by + 0.1 * H);
        s.way = normalize(vec2(-side * 0.9, -0.8 + 0.3 * lot.z));
        s.wide = 0.34 * H;
        s.reach = (1.0 + 0.5 * lot.w) * H;
    } else {
        s.middle = vec2(b.m.middle.x + 1.5 * k * H, foot + H * (0.30 - 0.75 * lot.y));
        s.way = normalize(vec2(0.5 * (lot.z - 0.5) + 0.3 * k, 1.0));
        s.wide = (0.03 + 0.05 * lot.w) * H;
        s.reach = (0.2 + 0.5 * lot.z * lot.z) * H;
    }
    look = Look(0.0, shadow ? 0.0 : 0.6 + 0.6 * lot.y, 0.0, EARTH, shadow ? 0.5 : 0.85);
}
void of_the_arm(inout Touch s, inout Look look, Arm a, Back b, int j, float side, vec4 lot) {
    bool upper = j < 6 || j == 18;
    float H = b.m.size, worn = a.shown + (1.0 - a.shown) * (1.0 - b.hood);
    vec2 bone = upper ? a.elbow - a.shoulder : a.wrist - a.elbow, way = normalize(bone + 1e-4), normal = vec2(-way.y, way.x);
    float lit_side = sign(dot(normal, vec2(side, 0.6)));
    s.way = way;
    // Hands that are held before the body are hidden by it.
    if (!upper) worn *= max(smoothstep(1.0, 1.25, abs(a.wrist.x - b.m.middle.x) / (back_width(b, 4.5) * H)), smoothstep(-2.2, -1.4, (a.wrist.y - b.m.crown.y) / H));
    if (j < 12) {
        // Each bone in two rows along it, the shaded one first; it thins to the wrist.
        int i = upper ? j : j - 6;
        float k = (float(i / 2) + 0.5) / 3.0, row = i % 2 == 0 ? -1.0 : 1.0, thick = (upper ? mix(0.50, 0.38, k) : mix(0.37, 0.24, k)) * H;
        s.middle = (upper ? a.shoulder : a.elbow) + bone * k + normal * lit_side * row * 0.36 * thick;
        s.wide = 0.66 * thick;
        s.reach = 0.25 * length(bone) + 0.14 * H;
        look = Look(0.5 * row + 0.1, 0.25 * lot.x, 0.0, CLOTH, 0.97 * worn);
    } else if (j >= 18) {
        // Light along the side that is turned to it.
        float k = j == 18 ? 0.55 : j == 19 ? 0.28 : 0.72, thick = j == 18 ? 0.42 : mix(0.36, 0.25, k), faces = smoothstep(-0.2, 0.4, dot(normal * lit_side, vec2(side, 0.3)));
        s.middle = (j == 18 ? a.shoulder : a.elbow) + bone * k + normal * lit_side * 0.90 * thick * H;
        s.wide = (0.022 + 0.025 * lot.z) * H;
        s.reach = (j == 18 ? 0.34 : 0.22) * length(bone);
        s.bend = -0.05 * lit_side;
        look = Look(1.0, 0.0, 0.75, CLOTH, 0.85 * worn * faces * (1.0 - MOOD[FEAR]) * max(step(0.0, a.out_to * side), a.shown));
    } else if (j == 12) {
        float fist = MOOD[ANGRY] * a.shown;
        s.middle = a.wrist + mix(0.30, 0.26, fist) * H * way;
        s.wide = mix(0.20, 0.28, fist) * H;
        s.reach = mix(0.34, 0.32, fist) * H;
        look = Look(0.2, 0.2 * lot.x, 0.0, SKIN, 0.97 * worn);
    } else {
        // Fingers, and a thumb on the side of the head; in anger they are closed.
        float to_head = -sign(dot(normal, vec2(a.out_to, 0.4)) + 1e-4), f = j < 17 ? (float(j - 13) - 1.5) / 1.5 : 1.9 * to_head, fist = MOOD[ANGRY] * a.shown;
        float spread = ((0.18 + 0.20 * (MOOD[HAPPY] + MOOD[SURPRISE])) * a.shown + 0.08) * (1.0 - fist);
        s.way = normalize(way + f * spread * normal);
        s.middle = a.wrist + (j < 17 ? mix(0.50, 0.44, fist) : 0.28) * H * way + (j < 17 ? mix(0.24, 0.0, fist) : 0.18) * H * s.way + f * mix(0.09, 0.15, fist) * H * normal;
        s.wide = mix(0.066, 0.085, fist) * H;
        s.reach = (j < 17 ? 0.29 - 0.05 * abs(f) : 0.22) * mix(1.0, 0.5, fist) * H;
        s.bend = -0.10 * f;
        look = Look(0.5 - 0.3 * abs(f), 0.25 * lot.x, 0.0, SKIN, 0.97 * worn);
    }
}
void of_the_head(inout Touch s, inout Look look, Back b, int n, float side, vec4 lot) {
    float H = b.m.size;
    if (n < YOKE) {
        // Over the shoulders, from the neck down to where the sleeves are sewn on.
        int i = n - ARMS;
        float t = i % 2 == 0 ? -1.0 : 1.0, down = float(i / 2) * 0.17;
        bool cap = i > 5;
        vec2 neck = cap ? back_at(b, 0.62 * t, 2.24) : back_at(b, 0.55 * t, 1.92 + 1.1 * down), tip = cap ? back_at(b, 1.02 * t, 3.75) : back_at(b, 0.90 * t, 2.95 - 0.25 * MOOD[FEAR] + down);
        vec2 over = cap ? back_at(b, 0.98 * t, 2.80) : back_at(b, (0.90 - 0.6 * down) * t, 2.34 + 1.1 * down);
        vec2 along = tip - neck, out_of = vec2(-along.y, along.x) / max(length(along), 1e-4);
        s.way = normalize(along);
        s.reach = 0.52 * length(along);
        float bulge = dot(over - 0.5 * (neck + tip), out_of);
        s.bend = clamp(-bulge / max(s.reach, 1e-3), -0.5, 0.5);
        s.wide = (cap ? 0.26 : 0.20) * H;
        s.middle = 0.5 * (neck + tip) + (0.66 * bulge - 0.16 * H * sign(out_of.y)) * out_of;
        look = Look(0.9 * t * side, 0.35 * lot.x + 0.15, 0.0, CLOTH, 0.95);
    } else if (n < NAPE) {
        float t = (float(n - YOKE) + 0.5) / 4.0 * 2.0 - 1.0;
        fall(s, b, 0.70 * t, 1.35, 2.05);
        s.wide = 0.17 * H;
        look = Look(t * side, -0.1 + 0.2 * lot.x, 0.0, SKIN, 1.0 - b.hood);
    } else if (n < EARS) {
        float t = n == NAPE ? -1.0 : 1.0;
        fall(s, b, 1.01 * t, 0.84, 1.26);
        s.wide = 0.085 * H;
        look = Look(t * side, 0.2, 0.0, SKIN, 1.0 - b.hood);
    } else if (n < SCARF) {
        int k = n - EARS;
        across(s, b, 1.80 + 0.09 * float(k), 1.0, 0.24);
        s.reach = min(s.reach, (0.50 + 0.06 * float(k)) * H);
        s.wide = 0.085 * H;
        look = Look(0.3 * lot.y, 0.5 * lot.x, 0.0, BAND, 1.0 - b.hood);
    } else if (n < HAIR) {
        // Locks from the temples to the nape, then from a whorl at the crown over them; a hood in two lengths.
        int i = n - SCARF;
        bool lower = i < 17;
        float t = fract(float(lower ? i : i - 17) * 0.618 + 0.21) * 1.84 - 0.92, ends = mix(1.54 + 0.16 * lot.y - 0.30 * t * t, 2.6 + 0.3 * lot.y, b.hood);
        fall(s, b, t, lower ? mix(0.50, 0.70, b.hood) : 0.03, lower ? ends : mix(0.95, 1.25, b.hood) + 0.25 * (lot.y - 0.5));
        s.wide = mix(0.105, 0.16, b.hood) * H;
        look = Look(t * side, 0.8 * lot.z * lot.z, 0.0, b.hood > 0.5 ? CLOTH : LOCKS, 0.97);
    } else {
        // Some wear it in a knot.
        float turn = 6.2832 * (float(n - HAIR) + 0.3 * lot.x) / float(KNOT - HAIR);
        vec2 out_to = vec2(cos(turn), sin(turn));
        s.middle = back_at(b, 0.0, 0.06) + 0.15 * H * out_to;
        s.way = vec2(-out_to.y, out_to.x);
        s.wide = 0.13 * H;
        s.reach = 0.24 * H;
        s.bend = 0.45;
        look = Look(dot(out_to, vec2(0.7 * side, 0.7)), 0.3 + 0.3 * lot.z, 0.0, LOCKS, (1.0 - b.hood) * step(0.5, fract(u_self[u_shape].x * 3.0)));
    }
}
void of_the_edge(inout Touch s, inout Look look, Back b, int n, float side, vec4 lot) {
    float H = b.m.size, k = (float(n - KNOT) + lot.x) / float(RIM - KNOT);
    // A half light, then the light itself: it breaks off and begins again.
    bool thin = n >= KNOT + (RIM - KNOT) / 2;
    k = fract(2.0 * k);
    float d = k < 0.45 ? 0.06 + 1.45 * k / 0.45 : k < 0.75 ? 1.85 + 0.60 * (k - 0.45) / 0.30 : 3.0 + (min(b.hem, 9.0) - 3.4) * (k - 0.75) / 0.25, over = d < 1.7 ? 0.16 + 0.14 * lot.y : 0.25 + 0.45 * lot.y, open = 1.0;
    if (d > 2.5) {
        // An arm that hangs is before the coat's own edge.
        Arm a = arm_of(b, u_shape, 0);
        if (a.out_to != side) a = arm_of(b, u_shape, 1);
        open = max(a.shown, b.hood);
    }
    fall(s, b, side * (thin ? 0.965 : 0.87), d, d + over);
    s.wide = (thin ? 0.022 + 0.030 * lot.z : 0.060 + 0.04 * lot.z) * H * (d < 1.7 ? 0.9 : 1.1);
    look = Look(1.0, 0.3, thin ? 1.0 : 0.35, d < 1.7 && b.hood < 0.5 ? LOCKS : CLOTH, (thin ? 0.95 : 0.7) * step(lot.w, 0.85) * open);
}
void of_the_coat(inout Touch s, inout Look look, Back b, int n, float side, vec4 lot) {
    float H = b.m.size, k = fract(float(n) * 0.7548777), t = fract(float(n) * 0.5698403) * 2.0 - 1.0;
    if (n < LEGS) {
        float leg = n % 2 == 0 ? -1.0 : 1.0;
        int i = (n - SHADOW) / 2;
        vec2 hip = back_at(b, 0.40 * leg, b.hem - 0.6), foot = vec2(b.m.middle.x + (0.62 + 0.15 * MOOD[ANGRY]) * leg * H, b.m.crown.y - (b.deep - 0.1) * H);
        s.way = i == 3 ? vec2(0.9 * leg, -0.35) : normalize(foot - hip);
        s.middle = i == 3 ? foot + vec2(0.16 * leg, 0.0) * H : mix(hip, foot, 0.2 + 0.3 * float(i)) + vec2(0.1 * side * leg * (float(i) - 1.0), 0.0) * H;
        s.wide = (i == 3 ? 0.20 : 0.34) * H;
        s.reach = (i == 3 ? 0.36 : 0.32 * distance(hip, foot) / H) * H;
        look = Look(-0.3, -0.5, 0.0, CLOTH, b.whole);
    } else if (n < LEGS + 4) {
        across(s, b, 2.36 + 0.34 * float(n - LEGS), 0.86 - 0.06 * float(n - LEGS), 0.20);
        s.wide = 0.30 * H;
        look = Look(0.0, 0.1, 0.0, CLOTH, 0.97);
    } else if (n < COAT) {
        float from = 1.98 + (b.hem - 2.9) * k, long_by = 1.1 + 0.8 * lot.y;
        from = max(from + 0.55 * t * t * step(from, 3.0), 1.98 + 0.75 * t * t);
        fall(s, b, 0.82 * t, from, min(from + long_by, b.hem + 0.3 * (lot.x - 0.5)));
        s.wide = 0.24 * back_width(b, from + 0.5 * long_by) * H;
        look = Look(t * side, 0.25 * lot.z, 0.0, CLOTH, 0.97);
    } else if (n < FOLDS) {
        // The dent of the spine, shoulder blades, cloth that is drawn in at the waist and falls from it.
        int i = n - COAT;
        float leg = i % 2 == 0 ? -1.0 : 1.0;
        if (i < 6) {
            fall(s, b, leg * (0.30 + 0.10 * float(i / 2)), 2.7 + 0.25 * lot.x, 3.9 + 0.4 * lot.y);
            s.way = normalize(s.way + vec2(-0.35 * leg, 0.0));
            s.wide = 0.13 * H;
            look = Look(leg * side > 0.0 ? 0.8 : 0.2, 0.55, 0.0, CLOTH, 0.75);
        } else if (i < 10) {
            fall(s, b, 0.05 * leg, 2.5 + 0.8 * float((i - 6) / 2), 3.9 + 0.6 * float((i - 6) / 2));
            s.wide = 0.10 * H;
            look = Look(-1.0, -0.4, 0.0, CLOTH, 0.8);
        } else {
            float from = k < 0.35 ? 3.6 + 1.4 * lot.x : 5.5 + max(b.hem - 7.4, 0.5) * lot.x * lot.x;
            fall(s, b, 0.92 * t, from, min(from + (k < 0.35 ? 1.3 : 1.2 + 1.6 * lot.y), b.hem + 0.25 * (lot.w - 0.5)));
            s.wide = (0.045 + 0.09 * lot.z) * H;
            look = Look(t * side + 0.5 * (lot.w - 0.5), lot.y < 0.45 ? -0.45 : 0.5, 0.0, CLOTH, 0.85);
        }
    } else {
        int i = n - FOLDS;
        across(s, b, 5.15 + 0.13 * float(i), 0.98, 0.12);
        s.wide = 0.095 * H;
        if (i == 3) {
            // Its end hangs down.
            fall(s, b, 0.30 * side, 5.3, 6.9);
            s.wide = 0.11 * H;
        }
        look = Look(0.1, 0.5 * lot.x, 0.0, BAND, 0.95 * (1.0 - b.hood));
    }
}
// Dark within against the light, the sky's colour in the shadow, full light on the edge.
vec3 paint_of(Look look, vec3 ground, vec4 lot) {
    float key = smoothstep(-0.3, 1.0, look.side), shade = smoothstep(0.2, -1.0, look.side);
    vec3 cloth = mix(u_palette[0], u_palette[1], 0.50 + 0.22 * lot.y) * (0.80 + 0.45 * look.lift + 0.45 * key) + mix(u_palette[1], u_palette[2], 0.6) * (0.02 + 0.16 * max(look.lift, 0.0)) * key + u_counter * (0.010 + 0.025 * lot.w * lot.w) * (0.3 + 0.7 * shade);
    vec3 locks = mix(u_palette[0], mix(vec3(0.10, 0.05, 0.025), u_palette[1], 0.5), 0.8) * (0.8 + 0.5 * lot.y) + mix(u_palette[2], vec3(0.5, 0.3, 0.15), 0.5) * look.lift * (0.04 + 0.20 * key);
    vec3 skin = mix(vec3(0.46, 0.25, 0.17), u_palette[2], 0.30) * (0.16 + 0.62 * key + 0.3 * look.lift) + 0.05 * ground;
    vec3 band = mix(u_counter, u_palette[3], 0.12) * (0.09 + 0.24 * key + 0.26 * look.lift);
    vec3 paint = look.stuff == CLOTH ? cloth : look.stuff == LOCKS ? locks : look.stuff == SKIN ? skin : band;
    paint += 0.06 * min(ground, 0.6);
    vec3 lit = mix(u_palette[2], u_palette[3], 0.70) * (0.75 + 0.5 * lot.y) + 0.25 * ground;
    return mix(paint, lit, look.rim);
}

void main() {
    moods_here();
    Back b = back_of(u_shape);
    int n = gl_InstanceID;
    vec4 lot = lots(n * 5 + 9001);
    float there = smoothstep(0.05, 0.5, b.m.there) * u_presence;
    vec3 sun = motif_light();
    float side = sun.x > b.m.crown.x + 0.03 ? 1.0 : -1.0;
    Touch s = Touch(b.m.middle, vec2(0.0, -1.0), 0.1, 0.1, 0.0, 1.0);
    Look look = Look(0.0, 0.0, 0.0, CLOTH, 1.0);
    if (n < SHADOW || n >= RIM) {
        on_the_ground(s, look, b, n, side, lot);
        there *= b.whole;
    } else if (n < SASH) {
        of_the_coat(s, look, b, n, side, lot);
    } else if (n < ARMS) {
        int arm = (n - SASH) / ARM;
        of_the_arm(s, look, arm_of(b, u_shape, arm), b, n - SASH - arm * ARM, side, lot);
    } else if (n < KNOT) {
        of_the_head(s, look, b, n, side, lot);
    } else {
        of_the_edge(s, look, b, n, side, lot);
    }
    s.grown = clamp(there * 1.4 - 0.4 * lot.z, 0.0, 1.0);
    Motif m = motif(s.middle, sun, 0.5);
    vec3 ground = notes(s.middle, m, 4.0), light = look.stuff == EARTH ? ground * (look.lift > 0.0 ? look.lift : 0.22) : paint_of(look, ground, lot);
    touch(s, in_uv, light, look.opaque, lot.w, 0.92, look.stuff == EARTH ? 0.1 : look.stuff == BAND ? 0.2 : 0.45, 0.6);
}
