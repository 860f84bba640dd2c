#version 330 core
// HDR to the screen's colours: bloom, vignette, exposure, tone map, sRGB, and dither against banding.
#include "lib/frame.glsl"
#include "lib/colour/tonemap.glsl"
#include "lib/colour/srgb.glsl"
#include "lib/noise/hash.glsl"
uniform sampler2D u_source;  // the part that is drawn
uniform sampler2D u_bloom;   // of the whole picture
uniform float u_exposure;
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec3 c = texture(u_source, (v_uv - u_part.xy) / u_part.zw).rgb + texture(u_bloom, v_uv).rgb * u_bloom_amount;
    vec2 p = v_uv * 2.0 - 1.0;
    c *= 1.0 - 0.32 * smoothstep(0.35, 1.7, dot(p, p));
    vec3 screen = to_srgb(tonemap(c * u_exposure));
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float noise = hash_lattice(ivec3(pixel, u_frame)) - 0.5;
    f_colour = vec4(screen + noise * (1.6 / 255.0), 1.0);
}
