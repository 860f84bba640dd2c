// picture: the finished picture with the operator's text over it. at: place in this output's part, [0, 1], y down.
// Range: [0, 1], encoded as sRGB. Idea: the text is part of the picture, so it turns and bends with it.
uniform sampler2D u_source;
uniform sampler2D u_text;
uniform vec4 u_text_box;
uniform vec4 u_part;
vec3 picture(vec2 at) {
    vec2 whole = u_part.xy + at * u_part.zw;
    vec2 uv = vec2(whole.x, 1.0 - whole.y);
    vec3 c = texture(u_source, uv).rgb;
    if (u_text_box.z > 0.0) {
        vec2 inside = (uv - u_text_box.xy) / u_text_box.zw;
        if (all(greaterThanEqual(inside, vec2(0.0))) && all(lessThanEqual(inside, vec2(1.0)))) {
            vec4 text = texture(u_text, vec2(inside.x, 1.0 - inside.y));
            c = mix(c, text.rgb, text.a);
        }
    }
    return c;
}
