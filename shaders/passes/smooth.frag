#version 330 core
// Anti-aliasing on the finished picture: where brightness steps, blend along the edge (Lottes 2009, FXAA, the short form).
// u_source's alpha holds the brightness. What flashes is held back: there the picture before stays on, like a long exposure.
#include "lib/noise/hash.glsl"
uniform sampler2D u_source;
uniform sampler2D u_before;  // what was shown before
uniform sampler2D u_hold;    // red: the share of it that stays
in vec2 v_uv;
out vec4 f_colour;
vec4 smoothed() {
    vec2 texel = 1.0 / vec2(textureSize(u_source, 0));
    vec4 m = texture(u_source, v_uv);
    float nw = texture(u_source, v_uv + texel * vec2(-0.5, 0.5)).a, ne = texture(u_source, v_uv + texel * vec2(0.5, 0.5)).a;
    float sw = texture(u_source, v_uv + texel * vec2(-0.5, -0.5)).a, se = texture(u_source, v_uv + texel * vec2(0.5, -0.5)).a;
    float low = min(m.a, min(min(nw, ne), min(sw, se))), high = max(m.a, max(max(nw, ne), max(sw, se)));
    if (high - low < max(0.03, high * 0.10)) return m;
    vec2 along = vec2(sw + se - nw - ne, nw + sw - ne - se);
    float least = max((nw + ne + sw + se) * 0.03, 1.0 / 128.0);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + least), -6.0, 6.0) * texel;
    vec4 near = 0.5 * (texture(u_source, v_uv - along / 6.0) + texture(u_source, v_uv + along / 6.0));
    vec4 far = 0.5 * near + 0.25 * (texture(u_source, v_uv - along * 0.5) + texture(u_source, v_uv + along * 0.5));
    return far.a < low || far.a > high ? near : far;
}
void main() {
    f_colour = smoothed();
    float hold = texture(u_hold, v_uv).r;
    if (hold > 0.0) {
        // Linear light is what is averaged; half a step of noise lets eight bits arrive where they go.
        vec4 before = texture(u_before, v_uv);
        float noise = hash_lattice(ivec3(ivec2(gl_FragCoord.xy), floatBitsToInt(before.r + f_colour.g))) - 0.5;
        f_colour = sqrt(mix(f_colour * f_colour, before * before, hold)) + noise / 255.0;
    }
}
