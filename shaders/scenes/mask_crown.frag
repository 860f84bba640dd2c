#version 330 core
// Petals, horns and rings of the shell's own stuff with gilded edges; tears and drips hold the light of behind.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec4 v_strip;
in float v_ring;

out vec4 f_colour;

void main() {
    // Never longer than 1: a power of less than nothing is no number.
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = v_normal * (0.9999 / max(length(v_normal), 1e-3));
    n = dot(n, v) < 0.0 ? -n : n;
    vec3 accent = u_own_palette[u_shape * 4 + 3];
    float along = v_strip.x * v_strip.x, wet = clamp(v_strip.z, 0.0, 1.0), edge = smoothstep(0.70, 0.95, abs(v_strip.y));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_strip.xy * vec2(0.3, 0.12) + v_strip.w);
    vec3 albedo = dress_own(picture, mix(0.22, 0.08, u_tremble) + mix(0.42, 0.12, u_tremble) * v_strip.x + 0.25 * (v_strip.w - 0.5));
    vec3 light = shade(n, v, albedo, mix(clamp(u_roughness, 0.2, 0.8), 0.16, wet), mix(0.25, 1.0, v_strip.x), mix(0.35, 1.0, smoothstep(0.0, 0.3, v_strip.x)));
    light += accent * (edge * (0.05 + 0.35 * u_light * max(dot(n, KEY), 0.0)) * (1.0 - wet) + 0.25 * u_glow * along * along);
    light = mix(light, accent * (0.10 + 0.45 * u_light * max(dot(n, KEY), 0.0)) + (u_counter + accent) * 0.9 * u_glow, v_ring);
    float away = 1.0 - max(dot(n, v), 0.0), rim = away * away * max(dot(n, normalize(vec3(0.8, 0.1, -0.45))) + 0.35, 0.0);
    light += u_counter * rim * 0.9;
    light += wet * (u_counter * 0.22 + accent * 0.24 * (1.0 - 0.7 * u_turbulence)) * (0.10 + 0.90 * pow(max(n.z, 0.0), 3.0)) * smoothstep(0.3, 1.0, v_strip.x + 0.3);
    light += wet * u_counter * 0.55 * (1.0 - u_turbulence) * along * along;
    light += u_welcome * u_welcome * accent * 0.4 * v_strip.x;
    light = haze(light, smoothstep(0.5, -0.9, v_position.z) * 0.6);
    f_colour = vec4(light * u_fade, u_fade);
}
