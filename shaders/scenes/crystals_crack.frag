#version 330 core
// A crack in the rock: jagged, wider towards its top, and the light that falls out of it.
#include "lib/frame.glsl"

in vec2 v_from;
flat in vec3 v_light;
out vec4 f_colour;

void main() {
    float y = v_from.y, bend = 0.030 * sin(2.9 * y + 0.4) + 0.014 * sin(7.3 * y + 1.0), jag = abs(fract(1.7 * y + 0.2) - 0.5) + 0.4 * abs(fract(4.1 * y) - 0.5);
    float off = abs(v_from.x - 0.05 - 0.13 * y - bend - 0.022 * (jag - 0.35)), open = 0.002 + 0.085 * max(y - 0.30, 0.0) * (1.25 - 0.9 * jag);
    float beam = (v_from.x - 0.06) / (0.10 + 0.42 * max(1.3 - y, 0.0)), shaft = 0.20 * exp(-beam * beam) * smoothstep(1.5, 0.2, y) * smoothstep(-0.08, 0.50, y);
    float light = 0.85 * smoothstep(open + 0.030, open - 0.030, off) * smoothstep(0.20, 1.0, y) + 0.26 * exp(-5.0 * off) * smoothstep(0.0, 0.8, y) + shaft;
    f_colour = vec4(v_light * light * smoothstep(0.9, 0.6, abs(v_from.x)) * u_fade, 0.0);
}
