#version 330 core
// Thin cloth: the painted picture lit from both sides, denser where it is seen along its face, frayed at the hem.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"

uniform float u_veil;

in vec3 v_position;
in vec3 v_normal;
in vec2 v_uv;
in vec3 v_cloth;

out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = normalize(v_normal);
    n = dot(n, v) < 0.0 ? -n : n;
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_uv);
    float grey = sqrt(dot(picture, vec3(0.2126, 0.7152, 0.0722))), down = v_cloth.y;
    vec3 albedo = dress_own(picture, 0.38 + 0.30 * down + u_self[u_shape].y);
    float facing = max(dot(n, v), 0.0), edge = 1.0 - facing;
    vec3 light = shade(n, v, albedo, mix(0.3, 1.0, u_roughness), 0.8, 1.0) * 0.8;
    // Light from behind comes through, most where the cloth is thin.
    light += albedo * max(dot(-n, KEY), 0.0) * 0.6 * u_light + albedo * u_glow * (0.25 + 0.8 * down * down);
    light += mix(u_palette[2], u_palette[3], 0.5) * edge * edge * edge * 0.30 * (u_fill + u_glow);
    light = haze(light, smoothstep(0.5, -1.2, v_position.z) * 0.8);
    float ends = smoothstep(0.0, 0.16, v_cloth.x) * smoothstep(1.0, 0.84, v_cloth.x);
    float hem = 1.0 - smoothstep(0.45 + 0.40 * grey, 1.0, down), top = smoothstep(0.0, 0.16, down);
    float weave = (0.22 + 0.30 * edge + 0.45 * grey * u_texture_amount) * ends * hem * top * v_cloth.z * u_veil;
    float alpha = clamp(weave, 0.0, 0.92);
    f_colour = vec4(light * alpha * u_fade, alpha * u_fade);
}
