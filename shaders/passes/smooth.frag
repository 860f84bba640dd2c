#version 330 core
// Anti-aliasing on the finished picture: where brightness steps, blend along the edge (Lottes 2009, FXAA, the short form).
// u_source's alpha holds the brightness.
uniform sampler2D u_source;
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 texel = 1.0 / vec2(textureSize(u_source, 0));
    vec4 m = texture(u_source, v_uv);
    float nw = texture(u_source, v_uv + texel * vec2(-0.5, 0.5)).a, ne = texture(u_source, v_uv + texel * vec2(0.5, 0.5)).a;
    float sw = texture(u_source, v_uv + texel * vec2(-0.5, -0.5)).a, se = texture(u_source, v_uv + texel * vec2(0.5, -0.5)).a;
    float low = min(m.a, min(min(nw, ne), min(sw, se))), high = max(m.a, max(max(nw, ne), max(sw, se)));
    if (high - low < max(0.03, high * 0.10)) {
        f_colour = m;
        return;
    }
    vec2 along = vec2(sw + se - nw - ne, nw + sw - ne - se);
    float least = max((nw + ne + sw + se) * 0.03, 1.0 / 128.0);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + least), -6.0, 6.0) * texel;
    vec4 near = 0.5 * (texture(u_source, v_uv - along / 6.0) + texture(u_source, v_uv + along / 6.0));
    vec4 far = 0.5 * near + 0.25 * (texture(u_source, v_uv - along * 0.5) + texture(u_source, v_uv + along * 0.5));
    f_colour = far.a < low || far.a > high ? near : far;
}
