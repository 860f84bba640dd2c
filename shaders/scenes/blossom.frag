#version 330 core
// Petals: picture over palette, light through thin tissue, shadow towards the heart.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec2 v_uv;
in vec4 v_petal;

out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position);
    vec3 n = normalize(v_normal);
    n = dot(n, v) < 0.0 ? -n : n;
    float rim = v_petal.x, along = v_petal.y;

    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_uv);
    float tone = clamp(-0.04 + 0.50 * along + 0.18 * (1.0 - rim) + 0.22 * (v_petal.w - 0.5) + u_self[u_shape].y, 0.0, 1.0);
    vec3 albedo = dress(picture, tone);

    vec3 l = normalize(vec3(-0.5, 0.75, 0.65));
    float heart = smoothstep(0.0, 0.62, along * (0.35 + 0.65 * rim) + 0.25 * rim * rim);
    float occlusion = mix(0.10, 1.0, heart);
    float nl = dot(n, l);
    float through = pow(max(dot(-v, normalize(l + 0.5 * n)) * 0.5 + 0.5, 0.0), 3.0) * (1.0 - u_roughness * 0.5);
    vec3 light = albedo * (max(nl * 0.75 + 0.25, 0.0) * 0.86 + 0.32 * through) * u_light;
    light += albedo * mix(u_palette[1] * 0.3, u_palette[3] * 0.42, 0.5 + 0.5 * n.y) * u_light;
    float fresnel = 0.04 + 0.96 * pow(1.0 - max(dot(n, v), 0.0), 5.0);
    light += environment(reflect(-v, n), u_roughness) * fresnel * 0.5 * u_light;
    light += vec3(1.0, 0.97, 0.92) * ggx(n, v, l, u_roughness, 0.04) * max(nl, 0.0) * 1.6 * u_light;
    light *= occlusion;
    // Glow sits in the tips and in the heart.
    light += u_palette[3] * u_glow * (0.7 * pow(along, 6.0) * (0.3 + 0.7 * v_petal.w) + 0.5 * pow(1.0 - rim, 6.0));
    float haze = u_fog * smoothstep(0.5, -1.0, v_position.z) * 0.85;
    light = mix(light, u_palette[0] * 2.0 + u_palette[1] * 0.15, haze);
    f_colour = vec4(light * u_fade, u_fade);
}
