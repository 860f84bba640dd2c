#version 330 core
// Shadow that parts the figure from a room that is as bright: nearly closed inside, a breath of it outside.
#include "lib/frame.glsl"
in vec2 v_from;
out vec4 f_colour;
void main() {
    float out_by = max(v_from.x, 0.0), cover = 0.80 * smoothstep(0.10, -0.22, v_from.x) + 0.30 * (1.0 - smoothstep(0.0, 1.5, out_by));
    float alpha = min(cover, 0.86) * v_from.y * u_fade;
    f_colour = vec4((0.55 * u_palette[0] + 0.07 * u_palette[1]) * alpha, alpha);
}
