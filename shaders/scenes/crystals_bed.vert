#version 330 core
// The ground from the picture's lower edge to the horizon.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/form/moods.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/bed.glsl"

in vec2 in_uv;

out vec2 v_seen;         // scene units
out vec2 v_uv;           // of the whole picture
flat out float v_crack;  // how much light comes through a crack
flat out float v_weeps;

void main() {
    moods_here();
    vec2 half_size = u_resolution / min(u_resolution.x, u_resolution.y);
    v_crack = MOOD[FEAR];
    v_weeps = MOOD[SAD];
    vec2 low = -half_size, high = vec2(half_size.x, place_horizon_y() - 0.005);
    v_seen = mix(low, high, vec2(in_uv.x * 0.5 + 0.5, in_uv.y));
    v_uv = v_seen / half_size * 0.5 + 0.5;
    vec2 part = (v_uv - u_part.xy) / u_part.zw;
    gl_Position = vec4(part * 2.0 - 1.0, 0.99, 1.0);
}
