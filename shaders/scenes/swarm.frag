#version 330 core
// A soft disc: the more out of focus, the flatter and the softer. Large ones in focus are drops with a point of light.
#include "lib/frame.glsl"
in vec2 v_at;
flat in vec4 v_light;
flat in vec3 v_soft;
out vec4 f_colour;
void main() {
    float r2 = dot(v_at, v_at);
    if (r2 > 1.0) discard;
    float inside = 1.0 - r2;
    float glow = mix(inside * inside * inside * 1.7, inside * (1.5 - 0.5 * inside), v_soft.x);
    vec2 much = vec2(glow);
    if (v_soft.y > 0.02) {
        vec2 spot = v_at - vec2(-0.32, 0.38);
        float drop = min(1.0, 3.0 * inside) * (0.62 + 0.30 * r2), shine = max(1.0 - 5.0 * dot(spot, spot), 0.0);
        much = mix(much, vec2(drop + 1.9 * shine * shine * (1.0 - v_soft.z), drop), v_soft.y);
    }
    f_colour = vec4(v_light.rgb * much.x, v_light.a * much.y) * u_fade;
}
