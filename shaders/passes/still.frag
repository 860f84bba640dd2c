#version 330 core
// The finished picture, small and flat, for the operator's page: as it is in the window, but without warp, soft edges and
// operator's text. Row 0 is the picture's uppermost, as the processor wants it. Four looks for each pixel, as in shrink.frag.
#ifdef NOTICE
#include "lib/output/with_notice.glsl"
#endif
uniform sampler2D u_source;
uniform float u_dim;
uniform vec2 u_step;  // a quarter of a pixel of the copy, in the picture's width and height
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 at = vec2(v_uv.x, 1.0 - v_uv.y);
    vec3 c = texture(u_source, at + u_step).rgb + texture(u_source, at - u_step).rgb;
    c += texture(u_source, at + vec2(u_step.x, -u_step.y)).rgb + texture(u_source, at - vec2(u_step.x, -u_step.y)).rgb;
    c *= 0.25;
#ifdef NOTICE
    c = with_notice(c, v_uv);
#endif
    f_colour = vec4(c * u_dim, 1.0);
}
