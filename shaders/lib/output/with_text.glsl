// with_text: a colour with the operator's text over it. whole: place in the whole picture, [0, 1], y down.
// Range: that of c; text is sRGB. Idea: the text is part of the picture, so it turns and bends with it.
uniform sampler2D u_text;
uniform vec4 u_text_box;
vec3 with_text(vec3 c, vec2 whole) {
    if (u_text_box.z <= 0.0) return c;
    vec2 inside = (vec2(whole.x, 1.0 - whole.y) - u_text_box.xy) / u_text_box.zw;
    if (any(lessThan(inside, vec2(0.0))) || any(greaterThan(inside, vec2(1.0)))) return c;
    vec4 text = texture(u_text, vec2(inside.x, 1.0 - inside.y));
    return mix(c, text.rgb, text.a);
}
