// picture: the finished picture with what visitors are told over it. at: place in this output's part, [0, 1], y down.
// Range: [0, 1], encoded as sRGB. Idea: one texture for all outputs, each takes its rectangle of it; u_dim is the share of
// its signal outside the opening hours (1: as it is).
#ifdef NOTICE
#include "lib/output/with_notice.glsl"
#endif
uniform sampler2D u_source;
uniform vec4 u_part;
uniform float u_dim;
vec3 picture(vec2 at) {
    vec2 whole = u_part.xy + at * u_part.zw;
    vec3 c = texture(u_source, vec2(whole.x, 1.0 - whole.y)).rgb;
    // A program of its own: a processor that draws would go through all of it for every pixel, shown or not.
#ifdef NOTICE
    c = with_notice(c, whole);
#endif
    return c * u_dim;
}
