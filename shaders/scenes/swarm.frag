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
    vec2 spot = v_at - vec2(-0.32, 0.38);
    float drop = smoothstep(0.0, 0.35, inside) * (0.62 + 0.30 * r2), shine = 1.9 * exp(-9.0 * dot(spot, spot)) * (1.0 - v_soft.z);
    f_colour = vec4(v_light.rgb * mix(glow, drop + shine, v_soft.y), v_light.a * mix(glow, drop, v_soft.y)) * u_fade;
}
