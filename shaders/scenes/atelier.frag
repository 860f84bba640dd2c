#version 330 core
// The atelier's canvas before there is paint on it: primed linen, and a thin wash of the motif, rubbed in with a rag.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"
#include "lib/land/lay.glsl"
#include "lib/atelier/scheme.glsl"
#include "lib/atelier/notes.glsl"
in vec2 v_uv;
out vec4 f_colour;

void main() {
    vec2 half_sheet = half_picture(), p = (v_uv * 2.0 - 1.0) * half_sheet;
    moods_here();
    vec2 threads = p * 210.0;
    float fine = smoothstep(300.0, 900.0, min(u_resolution.x, u_resolution.y)), weave = 0.5 + 0.25 * (sin(threads.x) + sin(threads.y)) * fine;
    vec3 linen = mix(vec3(0.200, 0.150, 0.095), u_palette[1], 0.35) * (0.72 + 0.18 * weave) * mix(0.55, 1.0, u_presence);
    vec3 wash = notes(p, motif_light(), 4.8);
    float value = dot(wash, vec3(0.2126, 0.7152, 0.0722));
    vec3 umber = mix(vec3(0.30, 0.19, 0.11), u_palette[2], 0.4) * (0.08 + 0.9 * value);
    float border = min(half_sheet.x - abs(p.x), half_sheet.y - abs(p.y)) + 0.03 * sin(9.0 * p.x + 4.0 * p.y) + 0.02 * sin(23.0 * p.x - 17.0 * p.y);
    float rubbed = smoothstep(0.02, 0.14, border);
    vec3 light = mix(linen, mix(umber, wash, 0.5) * (0.85 + 0.3 * weave), 0.88 * rubbed);
    f_colour = vec4(light * u_fade, u_fade);
}
