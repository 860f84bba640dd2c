#version 330 core
// The face of a figure of dust: grains over a soft form, as swarm_dust.frag, and on it in fine strokes what it expresses.
#include "lib/frame.glsl"
#include "lib/body/features.glsl"
#include "lib/dust/dust_face.glsl"
in vec2 v_cell;
in vec3 v_light;
in vec3 v_much;  // as in swarm_dust.frag
in vec2 v_face;  // place in the face, as in lib/body/features.glsl
flat in vec4 v_brow, v_lids, v_mouth, v_more;
out vec4 f_colour;
void main() {
    // Columns of grains that trickle down, each at its own pace, so that there are no rows.
    float column = floor(v_cell.x), pace = fract(column * 0.1031);
    pace = fract((pace + 33.33) * pace * 97.0);
    float run = v_cell.y + 37.0 * pace + u_phase * (0.25 + 0.9 * pace), row = floor(run);
    vec2 at = vec2(v_cell.x - column, run - row) - 0.5;
    vec3 h = fract(vec3(column, row, column) * vec3(0.1031, 0.1030, 0.0973));
    h += dot(h, h.yzx + 33.33);
    h = fract((h.xxy + h.yzz) * h.zyx);
    at -= 0.60 * (h.xy - 0.5);
    vec3 lines = dust_lines(v_face, Expression(v_brow, v_lids, v_mouth, v_more));
    float grain = step(h.z, v_much.y) * clamp(1.5 - dot(at, at) * (9.0 - 4.5 * h.x), 0.0, 1.0) * (1.0 - 0.8 * lines.x);
    float bright = v_much.z * (0.90 + 0.20 * h.z) + grain * (0.12 + 1.3 * h.y * h.y * h.y * h.y), cover = max(v_much.x, 0.85 * grain);
    vec3 light = v_light * bright * (1.0 - 0.94 * lines.x) * (1.0 + 0.45 * lines.z) + mix(u_palette[3], vec3(1.0), 0.3) * lines.y * (0.25 + 0.6 * u_light);
    f_colour = vec4(light * cover, cover) * u_fade;
}
