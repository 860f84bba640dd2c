#version 330 core
// HDR to the screen's colours: bloom, vignette, exposure, tone map, grain, and dither against banding. Alpha: brightness.
// With MIRROR, the lowest strip of the picture: a wet floor mirrors what glows above it, where no form covers it.
#include "lib/frame.glsl"
#include "lib/colour/tonemap.glsl"
#include "lib/noise/hash.glsl"
#ifdef MIRROR
#include "lib/place/floor.glsl"
#endif
uniform sampler2D u_source;  // the part that is drawn
uniform sampler2D u_bloom;   // of the whole picture
uniform float u_exposure, u_saturation;
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec4 drawn = texture(u_source, (v_uv - u_part.xy) / u_part.zw);
    vec3 c = drawn.rgb + texture(u_bloom, v_uv).rgb * u_bloom_amount;
    vec2 p = v_uv * 2.0 - 1.0;
#ifdef MIRROR
    float unit = min(u_resolution.x, u_resolution.y) / u_resolution.y, line = place_floor_y() + 0.06, down = line - p.y / unit;
    // Nearer water is seen more steeply: it mirrors higher parts, and less.
    float ripple = sin(60.0 * down / (0.25 + down) + 0.8 * u_phase) * 0.0028;
    vec2 above = vec2(v_uv.x + ripple, ((line + 1.7 * down) * unit) * 0.5 + 0.5);
    float share = place_wet() * smoothstep(0.0, 0.07, down) * exp(-2.2 * down) * (1.0 - clamp(drawn.a, 0.0, 1.0)) * u_stage;
    c += texture(u_bloom, above).rgb * 0.55 * share;
#endif
    c *= 1.0 - 0.32 * smoothstep(0.35, 1.7, dot(p, p));
    vec3 screen = tonemap(c * u_exposure);
    if (u_saturation != 1.0) screen = max(mix(vec3(dot(screen, vec3(0.299, 0.587, 0.114))), screen, u_saturation), 0.0);
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    // Two random numbers make a triangle of one step: the eye sees no pattern where eight bits would band.
    uint random = mix_bits(uint(pixel.x) + mix_bits(uint(pixel.y) + mix_bits(uint(u_frame))));
    float one = float(random >> 16) / 65536.0, two = float(random & 65535u) / 65536.0;
    float brightness = dot(screen, vec3(0.299, 0.587, 0.114));
    // Grain is film's: strongest in the middle tones, none in black.
    float grain = u_grain * 0.05 * brightness * (1.0 - 0.6 * brightness);
    screen += (one - 0.5) * grain * 2.0 + (one + two - 1.0) / 255.0;
    f_colour = vec4(screen, brightness);
}
