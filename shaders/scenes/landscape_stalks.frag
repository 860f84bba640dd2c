#version 330 core
// A stalk against the light: dark at its foot, the low sun in its tip and along one side.
#include "lib/frame.glsl"

in float v_along;
in float v_side;
flat in vec4 v_look;
in vec3 v_sky;
in vec3 v_painted;
out vec4 f_colour;

void main() {
    vec3 dark = u_palette[0] * 0.8 + u_palette[1] * 0.16;
    vec3 light = mix(dark, u_palette[2] * 0.30, v_along * (0.4 + 0.6 * v_look.y));
    light += mix(u_palette[2], u_palette[3], 0.7) * smoothstep(0.2, 1.0, v_along) * smoothstep(-0.2, 1.0, v_side) * 0.40 * u_light;
    vec3 bloom = v_look.z < 0.35 ? u_counter * 1.3 : u_palette[3];
    light = mix(light, bloom * (0.55 + 0.5 * v_look.z), v_look.x * smoothstep(0.72, 0.86, v_along));
    light = mix(light, v_painted * mix(0.35, 1.25, v_along * (0.5 + 0.5 * v_side)) * (1.0 + 1.5 * v_look.x * smoothstep(0.72, 0.86, v_along)), 0.85 * u_picture_strength);
    light = mix(light, mix(v_sky, v_painted, u_picture_strength) * 0.8, (1.0 - exp(-0.12 * v_look.w * v_look.w)) * (0.25 + 0.6 * u_fog));
    f_colour = vec4(light, 1.0) * smoothstep(0.0, 0.14, v_along) * u_fade;
}
