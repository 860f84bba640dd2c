#version 330 core
// The still air of a cave over the room, and the light that falls into it from where the key is.
#include "lib/frame.glsl"

in vec2 v_from;
flat in vec3 v_deep, v_lit;
flat in vec3 v_form;  // the middle of the falling light, and how dark it is
out vec4 f_colour;

void main() {
    vec2 falls = v_from - v_form.xy, near = v_from - vec2(0.0, 0.25);
    float pool = exp(-1.1 * dot(falls, falls)), low = smoothstep(0.9, -0.1, v_from.y), veil = (0.86 - 0.20 * pool + 0.12 * v_form.z) * smoothstep(-0.30, 0.0, v_from.y);
    vec3 air = v_deep * (0.3 + 0.7 * pool + 0.25 * low * low) + v_lit * exp(-1.9 * dot(near, near));
    f_colour = vec4(air * veil, veil) * u_fade;
}
