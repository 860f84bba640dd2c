#version 330 core
// Petals: picture over palette, light through thin tissue with its veins, light out of the heart, shadow where they overlap.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/gesture.glsl"

in vec3 v_position;
flat in vec4 v_mood_a, v_mood_b;
in vec3 v_normal;
in vec2 v_uv;
in vec4 v_petal;
in vec4 v_light;

out vec4 f_colour;

const vec3 BEHIND = vec3(0.42, 0.38, -0.82);

void main() {
    Mood mood = mood_of(v_mood_a, v_mood_b);
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position);
    vec3 n = normalize(v_normal);
    float t = v_petal.x, along = clamp(v_petal.y, 0.0, 1.0), across = clamp(v_petal.z, -1.0, 1.0), random = v_petal.w, lit = clamp(v_light.x, 0.0, 1.0);

    // The outline: soft by a pixel, torn in anger, eaten in disgust.
    float wave = sin(5.0 * across + 31.0 * random) * sin(9.0 * along + 57.0 * random + 2.0 * across);
    float tooth = 9.0 * along + 3.0 * random + 0.35 * sign(across), jag = fract(tooth) * (0.55 + 0.45 * sin(floor(tooth) * 12.9 + 50.0 * random));
    float inside = 1.0 - abs(across) - 0.16 * mood.angry * smoothstep(0.15, 0.5, along) * smoothstep(1.0, 0.75, along) * jag;
    inside = min(inside, 1.0 - mood.disgust * 1.10 * smoothstep(0.45, 1.0, wave) * smoothstep(0.3, 0.6, along) * smoothstep(0.93, 0.85, along));
    float pixel = fwidth(inside) + 1e-4, cover = clamp(inside / pixel, 0.0, 1.0);
    if (cover < 0.10) discard;

    // Veins fan out from the root to the edge and fork; they fade where they would be finer than a pixel.
    float fan = across * sqrt(max(1.0 - along, 0.0) + 0.03), bow = 0.22 * sin(7.0 * along + 40.0 * random), fine = fwidth(fan);
    vec2 line = abs(2.0 * fract(fan * vec2(5.0, 11.0) + vec2(bow, 2.0 * bow)) - 1.0);
    vec2 drawn = smoothstep(vec2(0.62, 0.55), vec2(1.0), line) * smoothstep(vec2(0.13, 0.06), vec2(0.03, 0.015), vec2(fine));
    float veins = drawn.x * (1.0 - 0.6 * along) + 0.7 * drawn.y * smoothstep(0.25, 0.6, along) * (1.0 - 0.7 * along);
    veins *= 1.0 - 0.55 * mood.fear;
    float outside = step(0.0, dot(n, v));
    n = outside > 0.5 ? n : -n;
    // From behind it is the outer ones that nothing covers.
    lit = mix(lit, max(lit, 0.35 + 0.60 * t), outside);

    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_uv);
    float edge = smoothstep(0.45, 1.0, length(vec2(across, along * along)) * 0.8);
    float tone = 0.02 + 0.40 * along * along + 0.16 * (random - 0.5) + 0.20 * edge + u_self[u_shape].y + 0.12 * u_feels[u_shape].x;
    tone += 0.40 * mood.sad + mood.angry * (0.16 * along + 0.40 * edge) + 0.30 * mood.disgust + 0.10 * mood.surprise * along + 0.10 * mood.sleep;
    vec3 albedo = dress_own(picture, tone) * mix(1.05, 0.50, smoothstep(0.6, 1.35, u_light)) * (0.90 + 0.25 * random);
    // Calm is porcelain: pale, and nearly without veins.
    albedo = mix(albedo, sqrt(albedo + 0.01) * vec3(0.98, 0.93, 0.86), 0.32 * mood.neutral);
    albedo *= 1.0 - (0.22 + 0.3 * mood.disgust - 0.10 * mood.neutral) * veins;
    // Skin has a nap, a paler throat, a thin margin; some petals are older.
    float nap = sin(61.0 * across + 17.0 * along) * sin(47.0 * along - 23.0 * across) * smoothstep(0.06, 0.02, fwidth(along) + fwidth(across)), calm = 1.0 - max(mood.angry, mood.disgust);
    albedo *= 1.0 + 0.10 * nap + 0.35 * (picture.g - 0.4) * calm - 0.22 * calm * smoothstep(0.72, 0.97, random) * (0.4 + 0.6 * along);
    albedo = mix(albedo, albedo * 0.45 + u_counter * 0.30, 0.40 * calm * (1.0 - mood.sad) * (1.0 - mood.neutral) * smoothstep(0.50, 0.05, along) * (1.0 - mood.fear));
    albedo *= 1.0 - 0.28 * calm * smoothstep(0.10, 0.02, inside) * smoothstep(0.05, 0.02, pixel);
    // What rots is brown at the rims of its holes and dark in its folds.
    albedo *= 1.0 - mood.disgust * (0.45 * smoothstep(0.22, 0.0, inside) + 0.30 * smoothstep(0.5, -0.6, wave));
    // Flesh in the second colour; clear slime gathers at its edges and runs off its tip.
    float flesh = smoothstep(0.48, 0.60, smoothstep(0.95, 0.55, along) * (1.0 - 0.45 * edge) + 0.12 * wave);
    albedo = mix(albedo, (u_counter * 0.85 + u_palette[1] * 0.2) * (0.55 + 0.45 * wave) * (1.0 - 0.4 * veins), 0.94 * mood.disgust * flesh);
    albedo = mix(albedo, mix(u_palette[2], u_palette[3], 0.15 + 0.6 * edge) * 0.8, mood.disgust * smoothstep(0.80, 0.93, along));

    float occlusion = mix(0.05, 1.0, lit * lit) * (1.0 - 0.4 * mood.disgust);
    vec3 light = shade(n, v, albedo, max(u_roughness, 0.30 - 0.14 * mood.disgust), occlusion, mix(0.08, 1.0, lit)) * mix(0.20, 0.80 - 0.25 * mood.happy, lit);
    // Thin tissue lets light through: the key's from above, and the counter light from behind; veins and overlaps are darker.
    float thin = mix(0.45, 1.0, edge) * (1.0 - 0.55 * veins) * mix(0.25, 1.0, lit) * (1.0 - 0.5 * mood.disgust);
    vec3 tissue = albedo * sqrt(albedo);
    light += tissue * thin * u_light * (1.0 + 2.8 * mood.sad + 0.6 * mood.fear + 3.2 * mood.neutral) * (1.1 * max(-dot(n, KEY) * 0.7 + 0.3, 0.0) + 0.9 * max(dot(-n, BEHIND) * 0.6 + 0.2, 0.0));
    // What rots is wet.
    light += mood.disgust * mix(u_palette[3], vec3(1.0), 0.3) * 0.5 * pow(max(dot(n, normalize(KEY + v)), 0.0), 80.0) * (0.6 + 0.4 * wave);
    // A lamp in the heart: it falls on petals that face it and shines through those that do not.
    vec3 to_heart = v_light.yzw - v_position;
    float far2 = dot(to_heart, to_heart), faces = dot(n, to_heart) * inversesqrt(far2 + 1e-4);
    float ember = 0.35 + 0.75 * throb(u_time * 0.7, 0.2);
    float lamp = u_glow * 0.7 + 0.30 + 5.0 * mood.fear + 1.3 * mood.sad + 0.8 * mood.angry + 1.8 * mood.disgust + 1.6 * mood.neutral + 1.8 * mood.sleep * ember;
    lamp *= mix(faces * 0.5 + 0.5, abs(faces) * 0.4 + 0.35, 0.5) / (1.0 + mix(34.0, 24.0, mood.fear) * far2);
    vec3 warm = mix(mix(u_palette[3], u_palette[2], 0.35), u_counter, 0.3 * mood.fear);
    light += (albedo * 1.4 + (0.12 + mood.fear * (1.0 - 0.6 * veins) * (0.5 * (1.0 - along) * (1.0 - along) + 2.6 * smoothstep(0.62, 0.15, t))) * warm) * warm * lamp;
    // A frightened bud is a lantern: its light gets out where nothing covers its root, and its tips are dark.
    float seam = 1.0 - clamp(v_light.x, 0.0, 1.0);
    light = mix(light, light * 0.55 + mix(u_palette[2], u_palette[3], seam * seam) * 1.5 * seam * seam * (1.0 - 0.7 * veins) * (1.0 - along) * smoothstep(0.0, 0.16, along), mood.fear);
    // Each fold is tucked under the next: dark along one side, light along the other; and what is away from the gap of light is dark.
    light *= (1.0 + mood.fear * (0.62 * across - 0.15 + 0.5 * (random - 0.5))) * (1.0 - 0.84 * mood.fear * smoothstep(0.55, -0.50, n.x));
    light += mood.fear * mix(mix(u_palette[2], u_palette[3], 0.55), u_counter, 0.4) * 2.6 * exp(-11.0 * far2) * (1.0 - 0.75 * veins) * (0.5 + 0.5 * thin);
    // Who comes is greeted by a wave of light that runs from the heart to the tips.
    float front = 0.75 * along + 0.45 * t - 1.25 * (1.0 - u_welcome);
    light += (albedo * 2.2 + 0.10 * warm) * warm * u_welcome * exp(-9.0 * front * front);
    // Rims against the light from behind, and the velvet of the skin.
    float graze = 1.0 - max(dot(n, v), 0.0), g2 = graze * graze;
    float rim = 0.30 + 1.10 * mood.fear + 0.60 * mood.sleep + 0.30 * mood.sad + 0.30 * mood.disgust;
    light += u_counter * (rim * g2 * g2 * max(dot(n, BEHIND) + 0.55, 0.0) + 0.10 * edge * edge) * mix(0.3, 1.0, lit) * (0.4 + u_fill);
    light += albedo * 0.35 * g2 * u_fill * lit;
    // Glow sits in the tips.
    light += u_palette[3] * (u_glow * 0.30 * pow(along, 5.0) * (0.3 + 0.7 * random));
    light *= 1.0 + 0.30 * mood.neutral + 0.40 * mood.sad + 0.60 * mood.angry;
    // Against the room an outer petal is a thin skin.
    float clear = 0.42 * (1.0 - mood.disgust) * (1.0 - mood.fear) * smoothstep(0.45, 0.95, t) * lit * thin * (1.0 - graze);
    light = light * (1.0 - 0.35 * clear) + textureLod(u_backdrop, HAZE_PLACE + n.xy * vec2(0.04, -0.05), 0.0).rgb * mix(vec3(1.0), (albedo + 0.02) / (max(albedo.r, max(albedo.g, albedo.b)) + 0.02), 0.7) * clear;
    light = haze(light, smoothstep(0.5, -1.0, v_position.z) * 0.85);
    f_colour = vec4(light, 1.0) * (u_fade * mix(cover, 1.0, 0.12));
}
