#version 330 core
// Threads of sand: each of its own length and pace, three grains abreast, drawn out along their way.
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
    y += 0.5 * (g.x - 0.5) * (1.0 - min(v_kind.y, 1.0));
    float end = mix(0.35, 1.0, h.y), thin = mix(1.0, max(1.0 - v_thread.y / end, 0.0), v_kind.z);
    float grain = clamp(1.5 - 6.0 * x * x / (0.3 + g.x) - 5.0 * y * y / (0.35 + v_kind.y), 0.0, 1.0);
    float there = grain * step(h.z, v_kind.x) * (1.0 - step(v_kind.w * thin * (0.6 + 0.4 * h.x) * 1.3, g.y)) * smoothstep(0.0, 0.03, v_thread.y);
    if (there < 0.05) discard;
    f_colour = vec4(v_light * (0.35 + 1.3 * g.x * g.x), 0.85) * there * u_fade;
}
