#version 330 core
// A veil of still air before the room, thick where somebody hides in a cave, and the light that falls into it from where the key is.
#include "lib/frame.glsl"

in vec2 v_from;
flat in vec3 v_deep, v_lit;
flat in vec3 v_form;  // the middle of the falling light, and how thick the air is: 1 in fear, far below 0 where the place behind is to be seen
out vec4 f_colour;

void main() {
    vec2 falls = v_from - v_form.xy, near = v_from - vec2(0.0, 0.25);
    float pool = exp(-1.1 * dot(falls, falls)), low = smoothstep(0.9, -0.1, v_from.y), veil = (0.74 - 0.18 * pool + 0.12 * v_form.z) * smoothstep(-0.30, 0.10, v_from.y);
    // Mist lies over the ground, lit by what stands in it.
    vec3 air = v_deep * (0.3 + 0.7 * pool + 0.45 * low * low) + v_lit * (exp(-1.3 * dot(near, near)) + 0.35 * exp(-9.0 * v_from.y * v_from.y - 0.5 * v_from.x * v_from.x));
    f_colour = vec4(air * veil, veil) * u_fade;
}
