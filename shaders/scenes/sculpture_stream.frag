#version 330 core
// Threads of rain, sparks or dust: each of its own length and pace, three grains abreast, drawn out along their way; between them the finest is a veil.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
in vec3 v_thread;
in vec3 v_light;
in vec4 v_kind;
out vec4 f_colour;
void main() {
    float wide = v_thread.x * 3.0, column = floor(wide), thread = floor(column / 3.0), x = wide - column - 0.5;
    vec3 h = fract(vec3(column, column, thread) * vec3(0.1031, 0.1130, 0.0973) + 0.37);
    h += dot(h, h.yzx + 33.33);
    h = fract((h.xxy + h.yzz) * h.zyx);
    float run = v_thread.y * v_thread.z * 2.0 - u_phase * (1.6 + 1.1 * h.x) - 17.0 * h.z, row = floor(run), y = run - row - 0.5;
    uint bits = mix_bits(uint(int(row) + 65536) ^ (uint(int(column)) * 2654435769u));
    vec2 g = vec2(bits & 65535u, bits >> 16u) / 65536.0;
    float half_long = mix(0.24, 0.48, min(0.6 * v_kind.y, 1.0)) * (0.75 + 0.25 * g.y), half_wide = 0.22 + 0.28 * g.x * g.x;
    x += (1.0 - 2.0 * half_wide) * (fract(61.0 * g.x + 17.0 * g.y) - 0.5);
    y += (1.0 - 2.0 * half_long) * (g.x - 0.5);
    float end = mix(0.35, 1.0, h.y), thin = mix(1.0, max(1.0 - v_thread.y / end, 0.0), v_kind.z);
    float grain = smoothstep(1.0, 0.30, x * x / (half_wide * half_wide) + y * y / (half_long * half_long));
    float there = grain * step(h.z, v_kind.x) * (1.0 - step(v_kind.w * thin * (0.6 + 0.4 * h.x) * 1.3, g.y)) * smoothstep(0.0, 0.03, v_thread.y);
    float veil = 0.30 * v_kind.w * v_kind.x * thin * thin * smoothstep(0.0, 0.05, v_thread.y) * smoothstep(1.0, 0.6, v_thread.y) * (0.6 + 0.8 * h.y * h.z);
    f_colour = vec4(v_light * ((0.35 + 1.5 * g.x * g.x) * there + 0.55 * veil), 0.85 * there + 0.15 * veil) * u_fade;
}
