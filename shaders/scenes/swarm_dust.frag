#version 330 core
// A figure's surface as dust: one grain in each cell, somewhere in it, most of them faint and few bright, over a body of finer powder that
// shines softly, so that its roundness is read.
#include "lib/frame.glsl"
in vec2 v_cell;
in vec3 v_light;
in vec3 v_much;  // how far the dark body covers, how many grains there are, how much the body itself shines
out vec4 f_colour;
void main() {
    vec2 cell = floor(v_cell), at = v_cell - cell - 0.5;
    vec3 h = fract(cell.xyx * vec3(0.1031, 0.1030, 0.0973));
    h += dot(h, h.yzx + 33.33);
    h = fract((h.xxy + h.yzz) * h.zyx);
    at -= 0.60 * (h.xy - 0.5);
    float grain = step(h.z, v_much.y) * clamp(1.5 - dot(at, at) * (9.0 - 4.5 * h.x), 0.0, 1.0);
    float bright = v_much.z * (0.82 + 0.36 * h.z) + grain * (0.20 + 2.0 * h.y * h.y * h.y * h.y), cover = max(v_much.x, 0.85 * grain);
    f_colour = vec4(v_light * bright * cover, cover) * u_fade;
}
