#version 330 core
// The air of the cave that the groups stand before; and, as a second instance, the ground from the picture's lower edge to the horizon.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/form/moods.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/bed.glsl"

in vec2 in_uv;

out vec2 v_seen;         // scene units
out vec2 v_uv;           // of the whole picture
flat out vec4 v_lamps;   // how much fear, joy, surprise, and 1 where it is the ground
flat out float v_weeps;

void main() {
    moods_here();
    vec2 half_size = u_resolution / min(u_resolution.x, u_resolution.y);
    bool ground = gl_InstanceID == 1;
    v_lamps = vec4(MOOD[FEAR], MOOD[HAPPY], MOOD[SURPRISE], ground ? 1.0 : 0.0);
    v_weeps = MOOD[SAD];
    float horizon = place_horizon_y() - 0.005;
    vec2 low = vec2(-half_size.x, ground ? -half_size.y : horizon - 0.30), high = vec2(half_size.x, ground ? horizon : half_size.y);
    v_seen = mix(low, high, vec2(in_uv.x * 0.5 + 0.5, in_uv.y));
    v_uv = v_seen / half_size * 0.5 + 0.5;
    vec2 part = (v_uv - u_part.xy) / u_part.zw;
    gl_Position = vec4(part * 2.0 - 1.0, 0.99, 1.0);
}
