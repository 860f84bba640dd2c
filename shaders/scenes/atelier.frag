#version 330 core
// The atelier's canvas before there is paint on it: primed linen, and a thin wash of the motif, rubbed in with a rag.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/land/lay.glsl"
#include "lib/atelier/scheme.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/atelier/notes.glsl"
in vec2 v_uv;
out vec4 f_colour;

void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * half_picture();
    moods_here();
    vec2 threads = p * 210.0;
    float fine = smoothstep(300.0, 900.0, min(u_resolution.x, u_resolution.y)), weave = 0.5 + 0.25 * (sin(threads.x) + sin(threads.y)) * fine;
    vec3 linen = mix(vec3(0.105, 0.080, 0.055), u_palette[1], 0.20) * (0.70 + 0.25 * weave) * mix(0.5, 1.0, u_presence) * (1.0 - 0.3 * MOOD[FEAR]);
    vec3 wash = notes(p, motif_light(), 4.8);
    float value = dot(wash, vec3(0.2126, 0.7152, 0.0722));
    vec3 umber = mix(vec3(0.30, 0.19, 0.11), u_palette[2], 0.4) * (0.05 + 0.9 * value);
    // Rubbed on in streaks.
    float streak = 0.5 + 0.5 * sin(37.0 * p.y + 3.0 * sin(5.0 * p.x + 2.0 * p.y) + 8.0 * p.x);
    vec3 light = mix(linen, mix(umber, wash, 0.6) * (0.82 + 0.12 * weave + 0.14 * streak), 0.9);
    // Whoever comes finds the studio lit.
    f_colour = vec4(light * (1.0 + 0.8 * u_welcome) * u_fade, u_fade);
}
