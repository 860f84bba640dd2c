#version 330 core
// The ground of the atelier's painting, stroke by stroke: broad ones first, then finer ones, finest where one looks, then those that are the mood's own: stalks,
// rain, sparks, twigs, drips, flying pieces, reeds. Each asks at its own middle how much paint is there (atelier_feedback.frag), what is painted there and of what colour.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/land/lay.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/atelier/motif.glsl"
#include "lib/atelier/notes.glsl"
#include "lib/atelier/touch.glsl"

uniform float u_strokes;
in vec2 in_uv;

const int BROAD = 120, MIDDLE = 420, GESTURES = 170;
struct Own { vec2 p; vec2 way; float reach; float wide; float tone; float cool; };

void add_own(inout Own sum, float share, vec2 p, vec2 way, float reach, float wide, float tone, float cool) {
    sum.p += share * p;
    sum.way += share * twice_way(way);
    sum.reach += share * reach;
    sum.wide += share * wide;
    sum.tone += share * tone;
    sum.cool += share * cool;
}
// The strokes that are the mood's own.
Own own_stroke(vec3 sun, vec2 head, vec4 lot, vec4 more) {
    float x = (more.x * 2.0 - 1.0) * half_picture().x, near = more.y * more.y, wind = -sign(sun.x), turn = 6.2832 * lot.w;
    Own o = Own(vec2(0.0), vec2(0.0), 0.0, 0.0, 0.0, 0.0);
    // Some lay the light itself: a disc in rounds, or, over water, its path on it.
    float rounds = MOOD[HAPPY] + MOOD[FEAR] + MOOD[NEUTRAL] + MOOD[DISGUST], path = MOOD[SAD];
    if (lot.x < 0.22 + 0.10 * path && rounds + path > 0.5) {
        vec2 out_to = vec2(cos(turn), sin(turn)), middle = sun.xy + vec2(0.0, 0.02);
        float far = (0.155 - 0.05 * MOOD[FEAR] - 0.06 * MOOD[NEUTRAL] - 0.05 * MOOD[DISGUST]) * sqrt(more.x);
        if (rounds > path) return Own(middle + far * out_to, vec2(-out_to.y, out_to.x), 0.055, 0.020, 1.05 - 0.12 * MOOD[NEUTRAL] - 0.25 * MOOD[DISGUST] + 0.1 * lot.y, 0.0);
        return Own(vec2(sun.x + (more.x - 0.5) * (0.10 + 0.5 * near), -0.21 - 0.55 * near), vec2(1.0, 0.04), 0.03 + 0.07 * more.z, 0.009 + 0.012 * more.w, 1.5 + 0.6 * lot.y, 0.0);
    }
    // Stalks stand before the field, the nearest as high as a hand.
    add_own(o, MOOD[HAPPY], vec2(x, -0.36 - 0.62 * more.y), vec2(0.34 * (lot.x - 0.5) + 0.12 * (x - sun.x), 1.0), 0.05 + 0.17 * more.y, 0.004 + 0.010 * more.y, lot.z < 0.3 ? 0.22 : 0.62 + 0.5 * lot.y * exp(-abs(x - sun.x)), 0.0);
    add_own(o, MOOD[SAD], vec2(x, 0.9 - 1.5 * more.y), vec2(0.10, 1.0), 0.10 + 0.22 * more.z, 0.004 + 0.004 * more.w, 0.30 + 0.55 * lot.y * exp(-0.9 * abs(x - sun.x)), 0.0);
    add_own(o, MOOD[ANGRY], vec2(x, -0.95 + 1.5 * more.y), vec2(0.75 * wind + 0.7 * (lot.x - 0.5), 1.0), 0.03 + 0.16 * more.z * more.z, 0.006 + 0.012 * more.w * more.w, lot.z < 0.30 ? 0.03 : 0.60 + 0.8 * lot.y, 0.0);
    // Twigs reach out of the trunks; where the light is, motes.
    vec2 twig = vec2(x, 0.95 - 1.25 * more.y), mote = sun.xy + vec2(cos(turn), sin(turn)) * (0.05 + 0.5 * more.x);
    bool is_twig = lot.z < 0.93;
    add_own(o, MOOD[FEAR], is_twig ? twig : mote, is_twig ? vec2(sign(sun.x - x), 0.9 - 1.5 * lot.x) : vec2(-sin(turn), cos(turn)), is_twig ? 0.08 + 0.13 * more.z : 0.03, is_twig ? 0.004 + 0.007 * more.w : 0.008, is_twig ? 0.03 : 0.9, 0.10);
    bool thread = lot.z < 0.55;
    add_own(o, MOOD[DISGUST], vec2(x, thread ? 0.62 - 0.75 * more.y : -0.3 - 0.65 * more.y), thread ? vec2(0.05 * (lot.x - 0.5), 1.0) : vec2(1.0, 0.3 * (lot.x - 0.5)), thread ? 0.10 + 0.22 * more.z : 0.015 + 0.03 * more.z, thread ? 0.006 + 0.006 * more.w : 0.010 + 0.010 * more.w, thread ? 0.05 + 0.50 * step(0.55, lot.y) : 0.25 + 0.6 * lot.y, 0.55 * step(0.82, lot.x));
    vec2 fly = vec2(cos(turn), sin(turn));
    float out_by = 0.42 + 1.0 * more.x;
    add_own(o, MOOD[SURPRISE], sun.xy + fly * out_by, fly, 0.04 + 0.10 * more.z, 0.008 + 0.016 * more.w * out_by, 0.75 + 0.35 * lot.y, step(0.55, lot.z));
    bool reed = lot.z < 0.6;
    add_own(o, MOOD[NEUTRAL] + MOOD[ASLEEP], reed ? vec2(mix(sign(x) * half_picture().x * (1.0 - 0.55 * more.z * more.z), x, 0.2), -1.0 + 0.35 * lot.y) : vec2(mix(x, sun.x, 0.5), -0.17 - 0.3 * near), reed ? vec2(0.30 * (lot.x - 0.5), 1.0) : vec2(1.0, 0.03), reed ? 0.10 + 0.16 * more.w : 0.05 + 0.10 * more.z, reed ? 0.005 + 0.003 * more.y : 0.006, reed ? 0.05 + 0.14 * lot.w : 0.72, 0.1);
    o.way = half_way(o.way);
    o.p = clamp(o.p, 0.02 - half_picture(), half_picture() - 0.02);
    return o;
}

void main() {
    moods_here();
    int n = gl_InstanceID;
    vec4 lot = lots(n * 3 + 1), more = lots(n * 3 + 70001);
    bool gesture = n >= int(u_strokes) - GESTURES, broad = n < BROAD, middle = !broad && n < BROAD + MIDDLE;
    vec2 half_sheet = half_picture(), head = motif_head(), even = fract(vec2(0.5) + float(n) * vec2(0.7548777, 0.5698403)) * 2.0 - 1.0;
    vec3 sun = motif_light();
    float size = broad ? 0.125 : middle ? 0.060 : 0.027, lod = broad ? 4.0 : middle ? 2.6 : 1.0;
    vec2 p = even * half_sheet * 1.03 + (more.xy - 0.5) * size * 1.5, eye = mix(sun.xy, head, 0.35 * u_presence);
    // Fine ones gather where one looks.
    if (!broad && !middle) p = mix(p, eye + (p - eye) * abs(p - eye) / half_sheet, 0.7);
    float away = smoothstep(0.15, 1.1, min(distance(p, sun.xy), distance(p, head)));
    size *= mix(0.62, 1.12, away);
    // In the wood every third stroke is a trunk's.
    if (!broad && MOOD[FEAR] > 0.5 && lot.w < 0.36 && p.y > -0.6) p.x = trunk_near(p, sun) + 0.07 * (more.z - 0.5);
    notes_share = clamp((1.12 * u_picture_fade - lot.y) / 0.12, 0.0, 1.0);
    Touch s;
    Motif m;
    float natural = exp(0.8 * (lot.z + more.z + more.w - 1.5)), hard = clamp(0.35 + 0.5 * MOOD[ANGRY] + 0.2 * MOOD[SURPRISE] - 0.25 * MOOD[SAD], 0.0, 1.0);
    if (gesture) {
        Own own = own_stroke(sun, head, lot, more);
        p = own.p;
        m = Motif(own.tone, own.cool, own.way);
        s = Touch(p, own.way, own.reach, own.wide, 0.5 * (lot.w - 0.5) * (1.0 - MOOD[SAD]), 1.0);
        hard = 0.6;
    } else {
        m = motif(p, sun, lot.x);
        float longer = 3.6 + 2.6 * MOOD[SAD] + 1.6 * MOOD[NEUTRAL] + 1.0 * MOOD[HAPPY] + 1.4 * MOOD[ANGRY] + 1.0 * MOOD[FEAR] - 0.8 * MOOD[DISGUST];
        float wide = size * natural * (1.0 + 0.20 * MOOD[ANGRY] + 0.20 * MOOD[DISGUST] - 0.25 * MOOD[SAD]) * (1.0 - 0.3 * u_tremble);
        s = Touch(p, half_way(m.way), wide * longer * mix(0.7, 1.3, more.x), wide, (0.22 + 0.25 * (MOOD[HAPPY] + MOOD[DISGUST])) * (lot.w - 0.5) * 2.0 * (1.0 - 0.8 * max(MOOD[SAD], MOOD[ANGRY])), 1.0);
    }
    // The canvas goes on beyond the picture; no stroke goes far with it.
    vec2 room = (half_sheet + 0.16 + 0.07 * more.zw - abs(p)) / max(abs(s.way), 0.05);
    s.reach = min(s.reach, min(room.x, room.y));
    vec4 state = textureLod(u_feedback, sheet_uv(p), 0.0);
    float from = broad ? -0.6 : middle ? -0.15 : 0.04;
    s.grown = s.reach < 0.4 * s.wide ? 0.0 : clamp((state.r - from - 0.25 * lot.y) / 0.22, 0.0, 1.0);
    // Unpainted, there is a thin wash in umber and the mood's own dark.
    float painted = smoothstep(0.15, 0.75, state.r + 0.10 * (lot.y - 0.5));
    vec3 light = notes(p, m, lod);
    float value = dot(light, WEIGHTS);
    light = mix(mix(mix(vec3(0.30, 0.19, 0.11), u_palette[2], 0.5) * (0.10 + 1.1 * value), light, 0.45), light, painted);
    light *= 1.0 + (0.20 + 0.1 * MOOD[ANGRY]) * (lot.x - 0.5) + 0.16 * (more.y - 0.5) * vec3(1.0, 0.1, -1.0);
    float load = mix(0.35, 0.95, painted) * mix(0.6, 1.0, lot.y) * (1.0 - 0.3 * MOOD[SAD]);
    touch(s, in_uv, light, mix(0.70, 0.95, painted), lot.w, load, hard, 0.4 + state.g);
}
