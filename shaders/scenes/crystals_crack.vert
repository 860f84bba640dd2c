#version 330 core
// Where light comes in through a crack, in fear: a quad from the horizon to the picture's upper edge.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/form/moods.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/bed.glsl"

in vec2 in_uv;

out vec2 v_from;         // scene units from where the first group meets the horizon
flat out vec3 v_light;

void main() {
    moods_here();
    vec2 half_size = u_resolution / min(u_resolution.x, u_resolution.y);
    v_from = vec2(0.9 * in_uv.x, mix(-0.15, half_size.y - place_horizon_y(), in_uv.y));
    v_light = mix(u_palette[3], u_counter, 0.35) * MOOD[FEAR];
    vec2 part = ((v_from + vec2(bed_middle(0).x, place_horizon_y())) / half_size * 0.5 + 0.5 - u_part.xy) / u_part.zw;
    gl_Position = MOOD[FEAR] < 0.01 ? vec4(0.0, 0.0, 2.0, 1.0) : vec4(part * 2.0 - 1.0, 0.99, 1.0);
}
