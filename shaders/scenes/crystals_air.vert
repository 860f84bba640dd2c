#version 330 core
// The air of the cave that the groups stand before, from a little below the horizon to the picture's upper edge.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/light/own_colours.glsl"
#include "lib/form/moods.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/bed.glsl"

in vec2 in_uv;

out vec2 v_from;         // scene units from where the first group meets the horizon
flat out vec3 v_deep, v_lit;
flat out vec3 v_form;

void main() {
    moods_here();
    vec2 half_size = u_resolution / min(u_resolution.x, u_resolution.y);
    float horizon = place_horizon_y() - 0.005, dark = 1.0 - 0.45 * MOOD[FEAR];
    vec2 seen = vec2(half_size.x * in_uv.x, mix(horizon - 0.30, half_size.y, in_uv.y));
    v_from = seen - vec2(bed_middle(0).x, place_horizon_y());
    v_deep = (u_palette[0] * 0.6 + u_palette[1] * 0.22 + u_palette[2] * 0.012) * dark * (1.0 - 0.35 * MOOD[SURPRISE]) * (1.0 - 0.85 * own_colours());
    v_lit = mix(u_palette[2], u_palette[3], 0.35) * (0.07 + 0.20 * MOOD[HAPPY] + 0.04 * MOOD[SURPRISE] + 0.10 * MOOD[DISGUST]) * dark * (1.0 - 0.85 * own_colours());
    v_form = vec3(vec2(-0.35, 0.85) * bed_size(0), 4.4 * MOOD[FEAR] - 3.4 - 1.0 * MOOD[SURPRISE]);
    vec2 part = (seen / half_size * 0.5 + 0.5 - u_part.xy) / u_part.zw;
    gl_Position = vec4(part * 2.0 - 1.0, 0.99, 1.0);
}
