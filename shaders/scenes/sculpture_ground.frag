#version 330 core
// The shadow that a statue and its plinth throw over the floor, away from the lamp.
#include "lib/frame.glsl"
in vec2 v_at;
flat in vec2 v_pool;
out vec4 f_colour;
void main() {
    vec2 thrown = vec2(v_at.x * v_pool.y, v_at.y + 0.45 * v_at.x * v_pool.y);
    float shadow = smoothstep(0.62 + 0.16 * thrown.x, 0.30 - 0.04 * thrown.x, abs(thrown.y)) * smoothstep(-0.35, 0.15, thrown.x) * smoothstep(3.4, 0.8, thrown.x);
    shadow = max(0.80 * shadow, 0.9 * exp(-3.2 * max(length(v_at) - 1.40 * v_pool.x, 0.0)));
    f_colour = vec4(vec3(0.0), shadow * smoothstep(3.4, 2.4, abs(v_at.x)) * smoothstep(2.2, 1.6, abs(v_at.y))) * u_fade;
}
