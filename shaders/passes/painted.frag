#version 330 core
// The painting of the scene, behind the shapes and over everything, a share of each. Colours are the screen's (sRGB).
// Behind: where no shape covers the room (u_cover's alpha), and never darker than the room's own light.
// Over: what the painting made of the picture it was painted from is done to this newer, sharper one. So edges stay sharp and
// nothing lags behind what moves, though paintings are small and some pictures late.
uniform sampler2D u_source;  // the finished picture
uniform sampler2D u_cover;   // alpha: how much shapes cover, 0 to 1
uniform sampler2D u_painting_before;
uniform sampler2D u_painting;
uniform sampler2D u_model_before;  // the pictures that they were painted from
uniform sampler2D u_model;
uniform float u_fade;    // 0: the painting before, 1: the newest
uniform float u_behind;  // 0 to 1
uniform float u_over;    // 0 to 1
uniform vec4 u_part;     // which part of the whole picture this is: left, bottom, width, height
in vec2 v_uv;
out vec4 f_colour;
const float DARK = 0.12, MOST = 2.0;

vec3 changed(vec3 shown, vec3 painting, vec3 model) {
    vec3 change = clamp((painting + DARK) / (model + DARK), 1.0 / MOST, MOST);
    return clamp((shown + DARK) * change - DARK, 0.0, 1.0);
}

void main() {
    vec3 shown = texture(u_source, v_uv).rgb;
    vec2 at = u_part.xy + v_uv * u_part.zw;
    vec3 before = texture(u_painting_before, at).rgb, newest = texture(u_painting, at).rgb;
    vec3 painting = mix(before, newest, u_fade);
    vec3 painted = mix(changed(shown, before, texture(u_model_before, at).rgb), changed(shown, newest, texture(u_model, at).rgb), u_fade);
    float room = 1.0 - clamp(texture(u_cover, v_uv).a, 0.0, 1.0);
    // The unlit room stays as black as it is: there a painting is only its own grain.
    float lit = smoothstep(0.02, 0.14, max(shown.r, max(shown.g, shown.b)));
    shown = mix(shown, painted, u_over * lit);
    shown = mix(shown, max(shown, painting), u_behind * room);
    f_colour = vec4(shown, dot(shown, vec3(0.299, 0.587, 0.114)));
}
