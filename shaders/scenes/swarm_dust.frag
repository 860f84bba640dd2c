#version 330 core
// A figure's surface as dust: one grain in each cell, somewhere in it, most of them faint and few bright, over a body of finer powder that
// shines softly, so that its roundness is read.
#include "lib/frame.glsl"
in vec2 v_cell;
in vec3 v_light;
in vec3 v_much;  // how far the dark body covers, how many grains there are, how much the body itself shines
out vec4 f_colour;
void main() {
    if (v_much.y < 0.02) discard;
    // Columns of grains that trickle down, each at its own pace, so that there are no rows.
    float column = floor(v_cell.x), pace = fract(column * 0.1031);
    pace = fract((pace + 33.33) * pace * 97.0);
    float run = v_cell.y + 37.0 * pace + u_phase * (0.25 + 0.9 * pace), row = floor(run);
    vec2 at = vec2(v_cell.x - column, run - row) - 0.5;
    vec3 h = fract(vec3(column, row, column) * vec3(0.1031, 0.1030, 0.0973));
    h += dot(h, h.yzx + 33.33);
    h = fract((h.xxy + h.yzz) * h.zyx);
    at -= 0.60 * (h.xy - 0.5);
    float grain = step(h.z, v_much.y) * clamp(1.5 - dot(at, at) * (5.0 + 20.0 * h.z * h.z), 0.0, 1.0);
    float bright = v_much.z * (0.82 + 0.36 * h.z) + grain * (0.20 + 2.6 * h.y * h.y * h.y * h.y), cover = max(v_much.x, 0.85 * grain);
    // What has come loose is light, and hides nothing.
    f_colour = vec4(v_light * bright * cover, mix(0.3 * cover, cover, v_much.x)) * u_fade;
}
