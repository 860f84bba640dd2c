#version 330 core
// The finished picture, flat and whole, for the operator's page and for other programs: as it is in the window, but without
// warp, soft edges and operator's text. With COVER it is see-through where no shape is, but under what visitors are told. Row 0 is the picture's uppermost, as the processor wants it. Four looks for each pixel, as in shrink.frag.
#ifdef NOTICE
#include "lib/output/with_notice.glsl"
#endif
uniform sampler2D u_source;
uniform float u_dim;
#ifdef COVER
uniform sampler2D u_cover;  // alpha: how much shapes cover, 0 to 1
#endif
uniform vec2 u_step;  // a quarter of a pixel of the copy, in the picture's width and height
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 at = vec2(v_uv.x, 1.0 - v_uv.y);
    vec3 c = texture(u_source, at + u_step).rgb + texture(u_source, at - u_step).rgb;
    c += texture(u_source, at + vec2(u_step.x, -u_step.y)).rgb + texture(u_source, at - vec2(u_step.x, -u_step.y)).rgb;
    c *= 0.25;
    float alpha = 1.0;
#ifdef COVER
    alpha = clamp(texture(u_cover, at).a, 0.0, 1.0);
#endif
#ifdef NOTICE
    vec3 told = with_notice(c, v_uv);
    alpha = max(alpha, clamp(8.0 * length(told - c), 0.0, 1.0));
    c = told;
#endif
    f_colour = vec4(c * u_dim, alpha);
}
