#version 330 core
// The ground of the atelier's painting, stroke by stroke: broad ones first, then finer ones, then those that are the mood's gesture. Each asks at its own
// middle how much paint is there (atelier_feedback.frag) and of what colour.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/land/lay.glsl"
#include "lib/atelier/scheme.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/atelier/notes.glsl"
#include "lib/atelier/way.glsl"
#include "lib/atelier/touch.glsl"

uniform float u_strokes;
in vec2 in_uv;

const int BROAD = 170, MIDDLE = 440, GESTURES = 110;

void main() {
    moods_here();
    int n = gl_InstanceID;
    vec4 lot = lots(n * 3 + 1), more = lots(n * 3 + 70001);
    float size = n < BROAD ? 0.135 : n < BROAD + MIDDLE ? 0.062 : 0.030, lod = n < BROAD ? 4.0 : n < BROAD + MIDDLE ? 2.6 : 1.0;
    vec2 half_sheet = half_picture();
    vec3 sun = motif_light();
    vec2 about = mix(sun.xy, motif_head(), 0.7 * u_presence);
    vec2 even = fract(vec2(0.5) + float(n) * vec2(0.7548777, 0.5698403)) * 2.0 - 1.0;
    vec2 p = even * half_sheet * 1.03 + (more.xy - 0.5) * size * 1.5;
    // Fine ones gather where one looks.
    if (n >= BROAD + MIDDLE) p = mix(p, vec2(0.0, -0.1) + (p - vec2(0.0, -0.1)) * abs(p - vec2(0.0, -0.1)) / half_sheet, 0.45);
    // The last ones are the mood's gesture: slashes along a band, runs from above, dabs that close in, clots, flecks that rise, rays, light on a level.
    bool gesture = n >= int(u_strokes) - GESTURES;
    if (gesture) {
        float turn = 6.2832 * lot.w, out_by = 0.30 + 1.1 * more.x * more.x;
        vec2 round_it = about + vec2(cos(turn), sin(turn)) * out_by, band = vec2((more.x * 2.0 - 1.0) * half_picture().x, 0.0);
        p = MOOD[ANGRY] * vec2(band.x, 0.55 * band.x * sign(-sun.x) - 0.05 + 0.75 * (more.y - 0.5) * more.z) + MOOD[SAD] * vec2(band.x, 0.75 - 1.2 * more.y * more.y)
            + MOOD[NEUTRAL] * vec2(mix(band.x, sun.x, 0.6), -0.30 - 0.35 * more.y * more.y) + MOOD[DISGUST] * p + MOOD[FEAR] * mix(round_it, sun.xy + (round_it - about) * 0.35, step(0.6, lot.y))
            + MOOD[HAPPY] * (about + (round_it - about) * vec2(1.3, 0.9)) + MOOD[SURPRISE] * (about + normalize(round_it - about) * (0.5 + 0.55 * more.x)) + MOOD[ASLEEP] * p;
        size = 0.012 + 0.024 * more.w * more.w * (1.0 + 1.4 * MOOD[ANGRY]);
        p = clamp(p, 0.06 - half_picture(), half_picture() - 0.06);
    }
    vec4 state = textureLod(u_feedback, sheet_uv(p), 0.0);
    notes_share = clamp((1.12 * u_picture_fade - lot.y) / 0.12, 0.0, 1.0);
    vec3 light = notes(p, sun, lod);
    const vec3 WEIGHTS = vec3(0.2126, 0.7152, 0.0722);
    float e = 0.6 * size + 0.02, value = sqrt(dot(light, WEIGHTS));
    vec2 rise = vec2(sqrt(dot(notes(p + vec2(e, 0.0), sun, lod), WEIGHTS)), sqrt(dot(notes(p + vec2(0.0, e), sun, lod), WEIGHTS))) - value;
    float edge = smoothstep(0.02, 0.22, length(rise));
    vec2 way = brush_way(p, about, lot);
    way = half_way(mix(twice_way(way), twice_way(vec2(-rise.y, rise.x) + 1e-5), 0.85 * edge * (1.0 - 0.5 * MOOD[ANGRY] - 0.4 * MOOD[SAD] - 0.4 * MOOD[SURPRISE])));
    float natural = gesture ? 1.0 : exp(lot.z + more.z + more.w - 1.5);
    float long_by = 3.2 + 2.6 * MOOD[SAD] + 1.6 * MOOD[NEUTRAL] + 1.0 * MOOD[HAPPY] + 1.2 * MOOD[ANGRY] - 0.9 * MOOD[FEAR] - 0.6 * MOOD[DISGUST];
    float wide = size * natural * (1.0 - 0.45 * edge) * (1.0 + 0.35 * MOOD[ANGRY] + 0.25 * MOOD[DISGUST] - 0.25 * MOOD[FEAR] - 0.2 * MOOD[SAD]) * (1.0 - 0.3 * u_tremble);
    float reach = wide * long_by * mix(0.7, 1.3, more.x);
    // The canvas goes on beyond the picture; no stroke goes far with it.
    vec2 room = (half_sheet + 0.16 + 0.07 * more.zw - abs(p)) / max(abs(way), 0.05);
    reach = min(reach, min(room.x, room.y));
    Touch s;
    s.middle = p;
    s.way = way;
    s.reach = reach;
    s.wide = wide;
    s.bend = (0.28 + 0.30 * (MOOD[HAPPY] + MOOD[DISGUST])) * (lot.w - 0.5) * 2.0 * (1.0 - 0.8 * max(MOOD[SAD], MOOD[ANGRY]));
    float from = n < BROAD ? -0.6 : n < BROAD + MIDDLE ? 0.02 : 0.22;
    s.grown = reach < 0.4 * wide ? 0.0 : clamp((state.r - from - 0.25 * lot.y) / 0.22, 0.0, 1.0);
    // Unpainted, there is a thin wash in umber and the mood's own dark.
    float painted = smoothstep(0.15, 0.75, state.r + 0.10 * (lot.y - 0.5));
    vec3 umber = mix(vec3(0.30, 0.19, 0.11), u_palette[2], 0.5) * (0.12 + 1.25 * value * value);
    light = mix(mix(umber, light, 0.45), light, painted);
    light *= 1.0 + (0.16 + 0.1 * MOOD[ANGRY]) * (lot.x - 0.5) + 0.14 * (more.y - 0.5) * vec3(1.0, 0.1, -1.0);
    light = mix(light, value * value * u_counter * 1.3, 0.30 * step(0.90, more.w));
    if (gesture) {
        vec3 pure = mix(u_palette[2], u_palette[3], 0.25 + 0.75 * lot.y) * (0.35 + 0.75 * value) * (1.0 + 0.7 * MOOD[SAD]);
        pure = mix(pure, u_counter * (0.2 + 0.7 * value), step(0.86, lot.z) * (1.0 - MOOD[ANGRY]));
        light = mix(light, pure, (0.75 - 0.15 * MOOD[SAD] - 0.75 * MOOD[FEAR] * step(lot.y, 0.6)) * (1.0 - MOOD[ASLEEP]));
        light *= 1.0 - 0.75 * MOOD[FEAR] * step(lot.y, 0.6);
        s.grown *= step(lot.x, 0.7);
    }
    float hard = clamp(0.45 + 0.5 * MOOD[ANGRY] - 0.35 * MOOD[SAD], 0.0, 1.0);
    float load = mix(0.35, 0.95, painted) * mix(0.6, 1.0, lot.y) * (1.0 - 0.4 * MOOD[SAD]);
    touch(s, in_uv, light, mix(0.70, 0.95, painted), lot.w, load, hard, 0.4 + state.g);
}
