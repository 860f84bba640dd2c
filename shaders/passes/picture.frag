#version 330 core
// One picture's frames, as they are encoded (sRGB): the one before and the newest, mixed plainly.
uniform sampler2D u_source;        // the newest frame
uniform sampler2D u_frame_before;
uniform float u_step_share;        // 0: the frame before, 1: the newest
in vec2 v_uv;
out vec4 f_colour;
void main() {
    f_colour = vec4(mix(texture(u_frame_before, v_uv).rgb, texture(u_source, v_uv).rgb, u_step_share), 1.0);
}
