#version 330 core
// The painting of the scene, behind the shapes and over everything, a share of each. Colours are the screen's (sRGB).
// Behind: where no shape covers the room (u_cover's alpha), and never darker than the room's own light.
uniform sampler2D u_source;  // the finished picture
uniform sampler2D u_cover;   // alpha: how much shapes cover, 0 to 1
uniform sampler2D u_painting_before;
uniform sampler2D u_painting;
uniform float u_fade;    // 0: the painting before, 1: the newest
uniform float u_behind;  // 0 to 1
uniform float u_over;    // 0 to 1
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec3 shown = texture(u_source, v_uv).rgb;
    vec3 painting = mix(texture(u_painting_before, v_uv).rgb, texture(u_painting, v_uv).rgb, u_fade);
    float room = 1.0 - clamp(texture(u_cover, v_uv).a, 0.0, 1.0);
    shown = mix(shown, max(shown, painting), u_behind * room);
    shown = mix(shown, painting, u_over);
    f_colour = vec4(shown, dot(shown, vec3(0.299, 0.587, 0.114)));
}
