#version 330 core
// The plinth of a statue: two round steps.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/weather.glsl"

in vec2 in_uv;  // x round it in [-1, 1], y from its middle out and down in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_at;  // across and to the front from where it stands, down, shares of the size
flat out vec2 v_own;

// Radius in shares of the hem, depth in shares of the size, whether it faces up; each edge twice.
const vec3 PROFILE[8] = vec3[8](vec3(0.4, 0.0, 1.0), vec3(1.10, 0.0, 1.0), vec3(1.12, -0.02, 0.0), vec3(1.12, -0.12, 0.0), vec3(1.12, -0.12, 1.0), vec3(1.42, -0.12, 1.0), vec3(1.44, -0.14, 0.0), vec3(1.44, -0.30, 0.0));

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    float s = f.size, hem = weather(m, f.grown).hem, turn = 3.14159265 * in_uv.x;
    vec3 row = PROFILE[int(in_uv.y * 7.0 + 0.5)], feet = 0.5 * (f.ankle[0] + f.ankle[1]);
    v_at = vec3(sin(turn) * row.x * hem, cos(turn) * row.x * hem, row.y);
    v_position = vec3(feet.x, f.ground, feet.z) + s * v_at.xzy;
    v_normal = row.z > 0.5 ? vec3(0.0, 1.0, 0.0) : vec3(sin(turn), 0.0, cos(turn));
    v_own = vec2(s, hem);
    gl_Position = f.near > 0.98 ? vec4(2.0, 2.0, 0.0, 1.0) : to_clip(v_position);
}
