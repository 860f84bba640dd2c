#version 330 core
// Twice the size, softened by a small tent, to be added to the larger level.
uniform sampler2D u_source;
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 texel = 1.0 / vec2(textureSize(u_source, 0));
    vec2 o = texel * 0.75;
    f_colour = 0.25 * (texture(u_source, v_uv + vec2(-o.x, -o.y)) + texture(u_source, v_uv + vec2(o.x, -o.y))
        + texture(u_source, v_uv + vec2(-o.x, o.y)) + texture(u_source, v_uv + o));
}
