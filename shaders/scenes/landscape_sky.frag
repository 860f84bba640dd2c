#version 330 core
// Sun or moon in the vapour, what the mood does in the sky, and still water.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/land/lay.glsl"

in vec2 v_at;
in vec3 v_air;
in vec3 v_strip;
flat in vec4 v_first, v_last;
flat in vec3 v_sun;
out vec4 f_colour;

void main() {
    moods_are(v_first, v_last);
    float below = max(SHORE - v_at.y, 0.0), water = step(1e-5, below), t = 0.35 * u_phase;
    vec2 at = v_at;
    // Level ripples, finer far away; they break what is mirrored.
    float depth = below + 0.05, ripple = water * sin(5.0 / depth + 1.3 * sin(2.1 * at.x / depth * 0.12 + t) + t) * sin(2.7 / depth - 0.6 * t + 1.5 * at.x);
    vec2 mirrored = vec2(at.x + 0.10 * ripple * below, abs(at.y - SHORE) * mix(1.0, 1.35, water) + SHORE + 0.16 * ripple * below);
    vec2 off = mirrored - v_sun.xy;
    float r = length(off), px = 2.0 / min(u_resolution.x, u_resolution.y);
    vec3 tint = mix(mix(u_palette[3], vec3(dot(u_palette[3], vec3(0.3333))), 0.15), u_counter * 1.3, 0.5 * MOOD[SAD]);
    vec3 light = v_air;
    // Cloud: the worn picture drawn out level, soft.
    vec3 strands = worn(u_texture_before, u_texture, u_texture_share, vec2(0.16 * mirrored.x + 0.004 * u_phase, 0.42 * mirrored.y));
    float veil = dot(strands, vec3(0.3333));
    light *= 0.86 + 0.34 * (veil - 0.35) * (1.0 - 0.5 * water);
    float disc = smoothstep(v_sun.z + 2.0 * px + 0.02 * u_fog + 0.020 * MOOD[HAPPY], v_sun.z - 2.0 * px - 0.02 * u_fog - 0.045 * MOOD[HAPPY], r) * (1.0 - MOOD[FEAR]) * (1.0 - MOOD[SURPRISE]);
    float strong = (0.85 - 0.45 * MOOD[DISGUST] - 0.05 * MOOD[NEUTRAL] - 0.15 * MOOD[HAPPY]) * mix(0.8, 1.0, u_light);
    // Low over the land a disc sinks into the haze.
    disc *= smoothstep(-0.10, 0.22, mirrored.y - SHORE + 0.25 * MOOD[ANGRY]);
    light = mix(light, light * 0.4 + tint * mix(0.75, 1.35, smoothstep(-v_sun.z, v_sun.z, off.y)) * (0.85 + 0.5 * u_glow) * (0.80 + 0.5 * veil), disc * strong);
    light += tint * 0.20 * exp(-7.0 * max(r - v_sun.z, 0.0)) * (1.0 - disc) * strong;
    if (MOOD[FEAR] > 0.01) {
        // The bank is heaped: what light is left grazes its underside.
        float over = mirrored.y - SHORE, wide = 1.5 * mirrored.x + 0.004 * u_phase + 0.5 * sin(2.6 * over), high = 5.2 * over + 0.8 * sin(1.7 * mirrored.x);
        float heap = 0.5 + 0.5 * sin(wide + 1.2 * sin(high)) * sin(1.5 * high + 0.9 * sin(1.7 * wide + 0.8));
        light += MOOD[FEAR] * mix(u_counter, u_palette[2], 0.55) * (0.03 + 0.22 * heap * heap * (0.5 + 1.2 * veil)) * exp(-1.1 * over) * smoothstep(0.20, 0.60, over) * (0.30 + exp(-0.7 * off.x * off.x)) * (1.0 - 0.5 * water);
    }
    if (MOOD[HAPPY] > 0.01) {
        // Rays that open out of the sun.
        float a = atan(off.x, off.y), rays = 0.5 + 0.5 * sin(9.0 * a + 2.0 * sin(3.0 * a + 0.3 * t) + 0.15 * t);
        light += MOOD[HAPPY] * mix(u_palette[2], u_palette[3], 0.6) * rays * rays * 0.30 * exp(-0.9 * r) * smoothstep(v_sun.z, v_sun.z + 0.35, r);
    }
    if (MOOD[SURPRISE] > 0.01) {
        // A ring of light, sprung open, and fainter ones after it.
        float ring = 0.50 + 0.10 * u_pulse * sin(u_phase * 0.8) + 0.25 * u_welcome, a = atan(off.x, off.y);
        // Each is bright inside and has its light run out; the later ones are broken.
        vec3 by = (vec3(r) - ring * vec3(1.0, 1.42, 1.95)) / vec3(0.030, 0.024, 0.026), core = 1.0 / (1.0 + by * by), run = 1.0 / (1.0 + max(by, 0.0) * vec3(0.25, 0.4, 0.5)), rings = core * core * core + 0.45 * run * run * smoothstep(-0.6, 0.4, by);
        float thin = dot(rings, vec3(0.75, 0.24 * (0.4 + 0.6 * sin(2.0 * a + 0.9) * sin(5.0 * a)), 0.10 * (0.5 + 0.5 * sin(3.0 * a + 4.0))));
        float spokes = max(sin(17.0 * a + 5.0 * sin(5.0 * a) + 2.0 * sin(2.0 * a)), 0.0) * (0.55 + 0.45 * sin(3.0 * a + 1.0)) * smoothstep(ring * 1.02, ring * 1.2, r) / (1.0 + 6.0 * max(r - ring, 0.0));
        light += MOOD[SURPRISE] * (u_palette[3] * (1.5 * max(thin, 0.0) + 0.30 * spokes) * (1.0 - 0.8 * water) + mix(u_counter, vec3(1.0), 0.35) * 0.9 * exp(-3.2 * r * r / (ring * ring)) );
    }
    light += v_strip;
    // The welcome: the sun or moon wakes, before the mountain is there.
    light += u_welcome * mix(u_palette[2], u_palette[3], 0.5) * (0.10 + 0.45 * exp(-2.2 * r));
    light = own_tint(light, strands);
    // Water takes light away near the eye; glints lie under the sun.
    float fresnel = mix(0.80, 0.30, smoothstep(0.0, 0.55, below)), path = exp(-pow((at.x - v_sun.x) / (0.10 + 0.55 * below + v_sun.z * 0.6), 2.0));
    vec3 glints = tint * path * pow(max(ripple, 0.0), 3.0) * (0.25 + 0.55 * strong) * smoothstep(0.0, 0.04, below) * (1.0 - 0.7 * MOOD[FEAR]);
    light = mix(light, light * fresnel * (0.92 + 0.22 * ripple) + glints, water);
    f_colour = vec4(light * u_fade, u_fade);
}
