#version 330 core
// A crack in the rock: jagged, wider towards its top, and the light that falls out of it.
#include "lib/frame.glsl"

in vec2 v_from;
flat in vec3 v_light;
out vec4 f_colour;

void main() {
    float y = v_from.y, jag = abs(fract(2.3 * y + 0.2) - 0.5) + 0.5 * abs(fract(5.9 * y) - 0.5) + 0.3 * abs(fract(13.1 * y) - 0.5);
    float off = abs(v_from.x - 0.04 - 0.11 * y - 0.055 * (jag - 0.45)), open = 0.004 + 0.040 * max(y - 0.25, 0.0) * (1.4 - 1.1 * jag);
    float beam = (v_from.x - 0.06) / (0.05 + 0.28 * max(1.3 - y, 0.0)), shaft = 0.10 * exp(-beam * beam) * smoothstep(1.4, 0.3, y) * smoothstep(-0.15, 0.0, y);
    float light = 1.2 * smoothstep(open + 0.020, open - 0.020, off) * smoothstep(0.15, 0.85, y) + 0.22 * exp(-9.0 * off) * smoothstep(-0.15, 0.6, y) + shaft;
    f_colour = vec4(v_light * light * smoothstep(0.9, 0.6, abs(v_from.x)) * u_fade, 0.0);
}
