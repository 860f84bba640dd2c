#version 330 core
// The atelier's canvas before there is paint on it: primed linen, and a thin wash in umber, rubbed in with a rag.
#include "lib/frame.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/land/lay.glsl"
in vec2 v_uv;
out vec4 f_colour;

void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * half_picture();
    vec3 linen = mix(vec3(0.105, 0.080, 0.055), u_palette[1], 0.35) * mix(0.5, 1.0, u_presence);
#ifndef NO_PICTURE
    linen = mix(linen, as_seen(textureLod(u_picture, v_uv, 5.0).rgb) * 0.5, 0.5 * u_picture_strength);
#endif
    float streak = 0.5 + 0.5 * sin(37.0 * p.y + 3.0 * sin(5.0 * p.x + 2.0 * p.y) + 8.0 * p.x);
    // Whoever comes finds the studio lit.
    f_colour = vec4(linen * (0.75 + 0.3 * streak) * (1.0 + 0.8 * u_welcome) * u_fade, u_fade);
}
