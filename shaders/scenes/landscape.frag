#version 330 core
// The land's skin: the generated picture spread to the horizon, wet or dry, with the sun's path on it.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/land/ground.glsl"
#include "lib/land/sky.glsl"

in vec3 v_place;
in vec3 v_normal;
out vec4 f_colour;

float grey_at(vec2 uv) { return dot(worn(u_texture_before, u_texture, u_texture_share, uv), vec3(0.3333)); }

void main() {
    vec3 from = v_place - vec3(0.0, GROUND_EYE, 0.0);
    float far = length(from);
    vec3 ray = from / far, n = normalize(v_normal);
    vec2 uv = vec2(v_place.x, v_place.z + 0.32 * u_phase + 0.6 * v_place.y) * 0.34;
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, uv);
    float grey = dot(picture, vec3(0.3333));
    // The picture's light and dark are relief, too: grain near by, gone in the distance.
    float grain = (0.20 + 0.8 * u_texture_amount) * exp(-0.22 * far);
    vec2 rise = u_detail > 0.5 ? vec2(grey_at(uv + vec2(0.012, 0.0)), grey_at(uv + vec2(0.0, 0.012))) - grey : picture.gb - picture.rg;
    n = normalize(n - grain * vec3(rise.x, 0.0, rise.y));
    vec3 sun = sun_direction(), v = -ray;
    float lit = mix(0.35, 1.0, u_presence) * u_light;

    vec3 albedo = dress(picture, 0.12 + 0.42 * clamp(v_place.y, 0.0, 1.0) + 0.25 * (1.0 - n.y));
    // The room's key light stands to the viewer's side: here z runs away from the eye.
    vec3 turned = vec3(1.0, 1.0, -1.0);
    vec3 light = shade(n * turned, v * turned, albedo * 0.55, max(u_roughness, 0.35), 0.5 + 0.5 * n.y, 1.0) * mix(0.25, 0.42, u_presence);
    float against = max(dot(n, sun), 0.0);
    light += albedo * u_palette[3] * against * lit * 0.9;
    // Wet land mirrors the sky; the sun's path lies on it.
    vec3 mirrored = reflect(ray, n);
    mirrored.y = abs(mirrored.y);
    float fresnel = 0.03 + 0.97 * pow(1.0 - max(dot(n, v), 0.0), 4.0);
    light += (u_detail > 0.5 ? sky(mirrored) : air(mirrored)) * fresnel * (1.0 - 0.55 * u_roughness);
    light += u_palette[3] * ggx(n, v, sun, max(u_roughness, 0.16), 0.05) * against * lit * 2.0;
    // Embers in the folds of the picture.
    light += u_palette[3] * u_glow * 0.55 * smoothstep(0.30, 0.75, grey) * smoothstep(0.25, -0.02, v_place.y) * exp(-0.15 * far);
    // Arrival: a ring of light runs out over the land.
    for (int who = 0; who < u_people; who++) {
        float out_by = length(v_place.xz - vec2(u_place[who].x * 2.5 / LENS, 2.5)) - 0.7 - 7.0 * (1.0 - u_welcome);
        light += u_palette[3] * u_welcome * u_place[who].w * 0.8 * exp(-5.0 * out_by * out_by);
    }
    // Distance turns into sky, so that no edge of the world is seen.
    float swallowed = 1.0 - exp(-far * far * (0.0010 + 0.022 * u_fog * u_fog) - far * 0.06 * u_fog);
    swallowed = max(swallowed, smoothstep(18.0, 33.0, v_place.z));
    // Near by it is night already.
    light *= mix(0.30, 1.0, smoothstep(0.4, 2.6, v_place.z));
    light = mix(light, air(normalize(vec3(ray.x, 0.0, ray.z))), swallowed);
    f_colour = vec4(light * u_fade, u_fade);
}
