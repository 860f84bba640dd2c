#version 330 core
// Petals: picture over palette, light through thin tissue, shadow towards the heart.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/motion/throb.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec2 v_uv;
in vec4 v_petal;
in float v_open;

out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position);
    vec3 n = normalize(v_normal);
    n = dot(n, v) < 0.0 ? -n : n;
    float t = v_petal.x, along = clamp(v_petal.y, 0.0, 1.0), across = clamp(v_petal.z, -1.0, 1.0), random = v_petal.w, lit = clamp(v_open, 0.0, 1.0);

    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_uv);
    float edge = smoothstep(0.45, 1.0, length(vec2(across, along * along)) * 0.8);
    float tone = 0.04 + 0.42 * along * along + 0.16 * (random - 0.5) + 0.16 * edge + u_self[u_shape].y + 0.12 * u_feels[u_shape].x;
    vec3 albedo = dress_own(picture, tone) * mix(1.15, 0.58, smoothstep(0.6, 1.35, u_light)) * (0.90 + 0.25 * random);
    // Veins fan out from the root; they fade where they would be finer than a pixel.
    float fan = across * 7.0, fine = fwidth(fan);
    albedo *= 1.0 - 0.20 * (1.0 - along) * (0.5 + 0.5 * cos(6.2831853 * fan)) * smoothstep(0.7, 0.15, fine) * (1.0 - u_spikiness);

    float occlusion = mix(0.06, 1.0, lit);
    vec3 light = shade(n, v, albedo, max(u_roughness, 0.24), occlusion, mix(0.12, 1.0, lit)) * mix(0.35, 1.0, lit);
    // Thin tissue lets the key light through: warmer and stronger in colour, most at the edge.
    float through = pow(max(dot(-n, KEY) * 0.6 + 0.4, 0.0), 2.0) * mix(0.35, 1.0, edge) * (1.0 - 0.5 * u_roughness);
    light += albedo * sqrt(albedo) * through * lit * u_light * 1.3;
    // Glow sits in the tips and wells up out of the heart.
    float tips = pow(along, 5.0) * (0.3 + 0.7 * random), heart = exp(-9.0 * along * (0.3 + t));
    // Nobody there: an ember breathes in the bud.
    float ember = (1.0 - u_presence) * (0.35 + 0.75 * throb(u_time * 0.7, 0.2));
    light += u_palette[3] * (u_glow * 0.42 * tips + (0.10 * u_glow + ember + 0.9 * u_welcome * u_welcome) * heart);
    light = haze(light, smoothstep(0.5, -1.0, v_position.z) * 0.85);
    f_colour = vec4(light * u_fade, u_fade);
}
