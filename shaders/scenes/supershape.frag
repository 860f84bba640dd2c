#version 330 core
// The inner body and the satellites: the picture on all sides, deep valleys, light out of the body itself.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/texture/triplanar.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/motion/throb.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_local;
in vec2 v_body;

out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = normalize(v_normal);
    float relief = clamp(v_body.x, 0.0, 1.0), moon = v_body.y;
    vec3 picture = triplanar(u_texture_before, u_texture, u_texture_share, v_local * 0.8, normalize(v_local));
    vec3 albedo = dress_own(picture, 0.30 + 0.55 * relief + u_self[u_shape].y) * 0.75;
    float shadow = mix(mix(0.15, 0.55, u_spread), 1.0, moon);
    vec3 light = shade(n, v, albedo, max(u_roughness, 0.2), mix(0.3, 1.0, relief) * shadow, shadow);
    // The body glows where it is thin, and beats.
    float nv = max(dot(n, v), 0.0);
    float core = (0.10 + 0.75 * u_glow + 0.9 * u_welcome) * (0.6 + 0.8 * u_pulse * throb(u_phase * 1.6 + u_self[u_shape].x * 6.0, u_rhythm));
    core += (1.0 - u_presence) * (0.15 + 0.45 * throb(u_time * 0.7, 0.2));
    light += mix(u_palette[2], u_palette[3], relief) * core * mix(nv * nv * 0.55, 0.12, moon);
    light = haze(light, smoothstep(0.6, -1.2, v_position.z) * 0.85);
    f_colour = vec4(light * u_fade, u_fade);
}
