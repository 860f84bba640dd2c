#version 330 core
// Drops, blades, clots and petals of a statue.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_grain;
flat in vec2 v_kind;
out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    vec3 albedo = dress_own(vec3(0.30), 0.45 + 0.4 * v_grain.y + 0.2 * (v_kind.y - 0.5) + u_self[u_shape].y);
    albedo = mix(albedo, vec3(dot(albedo, vec3(0.2126, 0.7152, 0.0722))), 0.3) * mix(0.75, 1.0, v_grain.y);
    vec3 light = shade(n, v, albedo, max(0.5 * u_roughness, 0.14), 0.7, 0.6 + 0.4 * v_grain.y);
    light += albedo * v_kind.x * 0.35 * u_light;
    light += mix(u_palette[3], u_counter, 0.35) * v_grain.z * (0.25 + v_grain.y * v_grain.y) * 0.75;
    light += u_counter * pow(abs(v_grain.x), 3.0) * 0.25;
    light = haze(light, smoothstep(0.5, -0.9, v_position.z));
    f_colour = vec4(light * u_fade, u_fade);
}
