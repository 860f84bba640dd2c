#version 330 core
// Threads of grains that run from their roots to their tips: each of its own length and pace, grains drawn out along it.
#include "lib/frame.glsl"
in vec3 v_thread;  // which thread, how far along it [0, 1], how many grains are on it
in vec3 v_light;
in vec4 v_kind;    // how many there are, how far a grain is drawn out, how far a drop hangs at the end, how they thin towards the tip
out vec4 f_colour;
void main() {
    float column = floor(v_thread.x), x = v_thread.x - column - 0.5;
    vec3 h = fract(vec3(column) * vec3(0.1031, 0.1130, 0.0973) + 0.37);
    h += dot(h, h.yzx + 33.33);
    h = fract((h.xxy + h.yzz) * h.zyx);
    float run = v_thread.y * v_thread.z - u_phase * (0.7 + 1.1 * h.x) - 17.0 * h.z, row = floor(run), y = run - row - 0.5;
    vec2 g = fract(vec2(row, column) * vec2(0.1031, 0.1030));
    g += dot(g, g.yx + 33.33);
    g = fract((g.xx + g.yx) * g.yx * vec2(1.0, 1.7));
    y += 0.5 * (g.x - 0.5) * (1.0 - min(v_kind.y, 1.0));
    float end = mix(0.26, 1.0, h.y * sqrt(h.y)), along = v_thread.y / end, from = x - 0.5 * (h.z - 0.5) * (1.0 - v_kind.z);
    float thin = mix(1.0, max(1.0 - along, 0.05), v_kind.w), slim = 20.0 / (thin * (0.6 + g.x));
    float grain = clamp(1.4 - slim * from * from - 4.0 * y * y / (0.15 + v_kind.y), 0.0, 1.0) * step(g.y, 0.20 + 0.62 * v_kind.y);
    // A drop at the end of a thread that clings.
    float below = (along - 0.93) * v_thread.z * end, rope = 0.10 + 0.26 * (1.0 - along) * (1.0 - along), across = from / rope;
    float clot = max(clamp(1.6 - 6.0 * from * from - 0.9 * below * below, 0.0, 1.0), 0.75 * clamp(1.4 - across * across, 0.0, 1.0) * smoothstep(0.0, 0.3, along))
        * (0.55 - 1.1 * from + 0.5 * grain);
    grain = mix(grain, max(clot, 0.0), v_kind.z);
    float there = grain * step(h.z, v_kind.x) * smoothstep(1.02, 0.94, along) * smoothstep(0.0, 0.06, v_thread.y);
    float bright = (0.45 + 1.3 * g.x * g.x) * (0.55 + 0.9 * h.x) * there;
    f_colour = vec4(v_light * bright, 0.7 * there * min(3.0 * max(v_light.r, max(v_light.g, v_light.b)), 1.0)) * u_fade;
}
