#version 330 core
// A soft disc: the more out of focus, the flatter and the softer.
#include "lib/frame.glsl"
in vec2 v_at;
flat in vec4 v_light;
flat in float v_soft;
out vec4 f_colour;
void main() {
    float r2 = dot(v_at, v_at);
    if (r2 > 1.0) discard;
    float inside = 1.0 - r2;
    float glow = mix(inside * inside * inside * 1.7 , inside * (1.5 - 0.5 * inside), v_soft);
    f_colour = v_light * (glow * u_fade);
}
