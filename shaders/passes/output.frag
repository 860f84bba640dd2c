#version 330 core
// The finished picture, scaled to the window, with the operator's text over it.
uniform sampler2D u_source;
uniform sampler2D u_text;
uniform vec4 u_text_box;  // left, bottom, width, height in the window's [0, 1]; width 0 hides it
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec3 c = texture(u_source, v_uv).rgb;
    if (u_text_box.z > 0.0) {
        vec2 at = (v_uv - u_text_box.xy) / u_text_box.zw;
        if (at.x >= 0.0 && at.x <= 1.0 && at.y >= 0.0 && at.y <= 1.0) {
            vec4 text = texture(u_text, vec2(at.x, 1.0 - at.y));
            c = mix(c, text.rgb, text.a);
        }
    }
    f_colour = vec4(c, 1.0);
}
