#version 330 core
// Land to the horizon: a grid that lies denser near the eye, lifted to its relief.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/form/moods.glsl"
#include "lib/land/ground.glsl"
#include "lib/land/relief.glsl"
#include "lib/land/air.glsl"

in vec2 in_uv;  // x across in [-1, 1], y from the eye to the horizon in [0, 1]

out vec3 v_place;
out vec3 v_normal;
flat out vec4 v_first, v_last;
flat out vec3 v_sun;

void main() {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    v_sun = sun_here();
    float wide = max(u_resolution.x, u_resolution.y) / min(u_resolution.x, u_resolution.y);
    float aspect = u_resolution.x > u_resolution.y ? wide : 1.0;
    float z = 0.42 * exp(in_uv.y * 4.4);
    vec2 at = vec2(in_uv.x * (aspect * 1.06 / LENS) * z, z);
    // The slope is taken over about one cell: what is finer than the grid must not flicker.
    float step_m = 0.02 + 0.03 * z;
    float here = relief(at);
    float slope_x = relief(at + vec2(step_m, 0.0)) - here, slope_z = relief(at + vec2(0.0, step_m)) - here;
    // Before the eye it stays under the picture's lower border, or one would look under the land.
    float lowest = GROUND_EYE - (u_resolution.y / min(u_resolution.x, u_resolution.y) + HORIZON) * 0.42 / LENS - 0.03;
    here = min(here, lowest + 3.0 * smoothstep(0.42, 2.2, z));
    // Peaks lean where they thrust; ridges of cloth hang over.
    v_place = vec3(at.x + 0.30 * MOOD[ANGRY] * max(here, 0.0) * smoothstep(2.0, 5.0, z), here, at.y);
    v_normal = normalize(vec3(-slope_x, step_m, -slope_z));
    gl_Position = ground_clip(v_place);
}
