#version 330 core
// HDR to the screen's colours: bloom, vignette, exposure, tone map, sRGB, and dither against banding.
#include "lib/colour/tonemap.glsl"
#include "lib/colour/srgb.glsl"
#include "lib/noise/hash.glsl"
uniform sampler2D u_source;
uniform sampler2D u_bloom;
uniform float u_bloom_amount, u_exposure, u_grain;
uniform vec2 u_resolution;
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec3 c = texture(u_source, v_uv).rgb + texture(u_bloom, v_uv).rgb * u_bloom_amount;
    vec2 p = v_uv * 2.0 - 1.0;
    c *= 1.0 - 0.32 * smoothstep(0.35, 1.7, dot(p, p));
    vec3 screen = to_srgb(tonemap(c * u_exposure));
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float noise = hash_lattice(ivec3(pixel, int(u_grain))) - 0.5;
    f_colour = vec4(screen + noise * (1.6 / 255.0), 1.0);
}
