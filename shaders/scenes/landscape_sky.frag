#version 330 core
// The sky over the land, and its light where the land has not been drawn yet.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/land/ground.glsl"
#include "lib/land/sky.glsl"

in vec2 v_uv;
out vec4 f_colour;

void main() {
    vec2 at = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    if (at.y < HORIZON - 0.25) {
        f_colour = vec4(u_palette[0] * u_fade, u_fade);
        return;
    }
    vec3 d = ground_ray(vec2(at.x, max(at.y, HORIZON)));
    vec3 light = sky(d);
    // Rain hangs from the cloud where all hangs; light rises where all rises.
    float strand = worn(u_texture_before, u_texture, u_texture_share, vec2(d.x * 1.1 + 0.004 * u_phase, 0.02 * d.y + 0.06 * u_phase)).g;
    float curtain = abs(u_droop) * smoothstep(0.0, 0.10, d.y) * exp(-3.0 * d.y);
    light *= 1.0 + curtain * (u_droop > 0.0 ? 1.6 * strand - 1.0 : 1.8 * strand);
    f_colour = vec4(light * u_fade, u_fade);
}
