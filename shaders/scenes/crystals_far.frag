#version 330 core
// One of the columns behind: two faces and a slanting tip, out of focus as far as it is away, its foot lost in the haze.
#include "lib/frame.glsl"

in vec2 v_at;
flat in vec4 v_form;
flat in vec3 v_lit, v_dark;
flat in vec2 v_there;
out vec4 f_colour;

void main() {
    // The tip is cut by two faces that meet off the middle.
    float off = v_at.x - v_form.w, side = off < 0.0 ? (1.0 + v_form.w) : (1.0 - v_form.w), falls = abs(off) / side;
    float below = 1.0 - v_form.x * falls * falls * (2.0 - falls) - v_at.y, inside = 1.0 - abs(v_at.x);
    float cover = smoothstep(-v_form.y, v_form.y, inside) * smoothstep(-v_form.z, v_form.z + 0.01, below);
    float face = smoothstep(-0.5 * v_form.y - 0.03, 0.5 * v_form.y + 0.03, off), ridge = exp(-off * off / (0.01 + v_form.y * v_form.y));
    // Light gathers along the edge between its faces and towards the tip.
    vec3 light = mix(v_lit, v_dark, face) + v_lit * (0.35 * ridge * v_at.y + 0.30 * smoothstep(0.4, 1.0, v_at.y));
    float there = cover * v_there.x * smoothstep(0.02, v_there.y, v_at.y);
    f_colour = vec4(light * u_fade, u_fade) * there;
}
