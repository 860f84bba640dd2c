#version 330 core
// A grain of light, a bird, or a drop that hangs on its thread.
#include "lib/frame.glsl"

in vec2 v_on;
flat in vec4 v_kind;
flat in vec3 v_colour;
out vec4 f_colour;

void main() {
    float there, light = v_kind.x;
    vec3 colour = v_colour;
    if (v_kind.z > 0.0) {
        // Two wings.
        float wing = 0.75 * v_kind.z * (1.0 - pow(abs(abs(v_on.x) - 0.45) / 0.55, 2.0)) - 0.2, thick = 0.30 * (1.0 - abs(v_on.x)) + 0.05;
        there = smoothstep(thick, 0.5 * thick, abs(v_on.y - wing));
    } else if (v_kind.z < 0.0) {
        float ball = length(vec2(v_on.x, (v_on.y - 0.86) * 7.0)), thread = abs(v_on.x) / mix(0.9, 0.16, smoothstep(-1.0, -0.2, v_on.y));
        there = max(smoothstep(1.0, 0.8, ball), smoothstep(1.0, 0.7, thread) * step(v_on.y, 0.86));
        colour += u_palette[3] * 0.8 * exp(-9.0 * dot(v_on - vec2(-0.3, 0.80), (v_on - vec2(-0.3, 0.80)) * vec2(1.0, 40.0)));
    } else {
        float r2 = dot(v_on, v_on);
        there = smoothstep(1.0, v_kind.y * 0.5, r2);
    }
    there *= v_kind.w;
    f_colour = vec4(colour * there, there * mix(1.0, 0.35, light)) * u_fade;
}
