#version 330 core
// The cloth that hangs nearest: one length at each side and one along the top, which frame the stage. Drawn sharp, as the room behind is not.
#include "lib/frame.glsl"
#include "lib/place/mood.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/ridge.glsl"

in vec2 in_uv;  // x across from one border to the other in [-1, 1], y along it in [0, 1]

out vec2 v_fold;       // along the folds, one each; how far inside its border, scene units
out vec2 v_at;         // scene units
flat out float v_side; // which way the middle of the stage is: 1 right, -1 left, 0 below
flat out float v_mood[7];

void main() {
    PlaceMood m = place_mood();
    vec2 half_ = u_resolution / min(u_resolution.x, u_resolution.y), at;
    float x = 0.5 + 0.5 * in_uv.x, y = in_uv.y;
    vec3 lot = u_rooms[0].xyz;
    if (gl_InstanceID < 2) {
        float side = gl_InstanceID == 0 ? 1.0 : -1.0, left = step(0.0, side), foot = -half_.y * (0.80 + 0.05 * lot.z);
        // How far from the middle its border hangs, as a share of half the picture's width.
        float up = smoothstep(0.30, 1.0, y), tied = exp(-90.0 * (y - 0.32) * (y - 0.32));
        float border = m.calm * mix(0.98, 0.78 - 0.06 * up, left) + m.weep * mix(0.86, 0.76, left) + m.hard * (0.84 - 0.12 * up + 0.03 * wave1(5.0 * y + side));
        border += m.hide * (0.90 - 0.10 * up) + m.open * (0.83 - 0.36 * up * up + 0.055 * tied) + m.burst * (0.93 - 0.26 * up * sqrt(up) + 0.030 * wave1(6.0 * y + 2.0 * left + 0.7 * u_phase)) + m.murk * mix(0.83, 0.76, left);
        border += (m.weep + m.calm + m.hide) * 0.006 * wave1(3.0 * y + 0.35 * u_phase + 2.0 * left) + 0.02 * (lot.x - 0.5);
        float inner = border * half_.x, outer = half_.x + 0.06;
        at = vec2(-side * mix(outer, min(inner, outer), x), mix(foot, half_.y, y));
        // Where it is gathered its folds lie closer.
        v_fold = vec2(mix(0.0, 3.4 + 1.6 * m.weep + 0.6 * m.hide, x) + 0.10 * wave1(3.0 * y + 2.0 * left), (1.0 - x) * max(outer - inner, 0.0));
        v_side = side;
    } else {
        float over = 2.0 * y - 1.0, across = over * (half_.x + 0.02), swag = abs(sin(1.5708 * (2.5 * over + 1.0 + 0.4 * (lot.y - 0.5)))), deep = 0.150 + 0.10 * swag * (1.0 - 0.6 * m.calm - 0.5 * m.hide) + 0.05 * m.hide;
        at = vec2(across, half_.y + 0.01 - deep * (1.0 - x));
        v_fold = vec2(9.0 * over, deep * x);
        v_side = 0.0;
    }
    v_at = at;
    v_mood[0] = m.hard; v_mood[1] = m.murk; v_mood[2] = m.weep; v_mood[3] = m.hide; v_mood[4] = m.open; v_mood[5] = m.burst; v_mood[6] = m.calm;
    vec2 part = (at / half_ * 0.5 + 0.5 - u_part.xy) / u_part.zw;
    gl_Position = vec4(part * 2.0 - 1.0, 0.99, 1.0);
}
