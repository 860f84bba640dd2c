#version 330 core
// The floor of the sea, from the picture's lower edge to where it is lost in the water.
#include "lib/frame.glsl"
#include "lib/place/mood.glsl"
#include "lib/place/floor.glsl"

in vec2 in_uv;

out vec2 v_at;
flat out vec4 v_place_a, v_place_b;  // calm, weep, hard, hide; open, burst, murk, 0

void main() {
    PlaceMood m = place_mood();
    vec2 half_ = u_resolution / min(u_resolution.x, u_resolution.y);
    v_at = vec2(in_uv.x * half_.x, mix(-half_.y, place_horizon_y() - 0.03, in_uv.y));
    v_place_a = vec4(m.calm, m.weep, m.hard, m.hide);
    v_place_b = vec4(m.open, m.burst, m.murk, 0.0);
    gl_Position = vec4(((v_at / half_ * 0.5 + 0.5 - u_part.xy) / u_part.zw) * 2.0 - 1.0, 0.99, 1.0);
}
