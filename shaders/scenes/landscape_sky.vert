#version 330 core
// The sky and the water that mirrors it: a coarse grid, for its colours change slowly.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/land/lay.glsl"
#include "lib/land/air.glsl"
in vec2 in_uv;
out vec2 v_at;
out vec3 v_air;
flat out vec4 v_first, v_last;
flat out vec3 v_sun;
void main() {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    v_sun = sun_here();
    v_at = vec2(in_uv.x, in_uv.y * 2.0 - 1.0) * half_picture();
    // A row of the grid lies on the shore.
    float row = round((SHORE / half_picture().y * 0.5 + 0.5) * 24.0) / 24.0;
    v_at.y += abs(in_uv.y - row) < 0.01 ? SHORE - v_at.y : 0.0;
    v_air = air(vec2(v_at.x, abs(v_at.y - SHORE) + SHORE), v_sun);
    gl_Position = land_clip(v_at);
}
