#version 330 core
// The heart: the picture on all sides, deep valleys, light out of the body itself.
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
in vec3 v_normal;
in vec3 v_local;
in float v_relief;

out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = normalize(v_normal);
    float relief = clamp(v_relief, 0.0, 1.0);
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_local.xy * 0.8 + v_local.z * 0.3);
    vec3 albedo = dress_own(picture, 0.30 + 0.55 * relief + u_self[u_shape].y) * 0.7;
    vec3 light = shade(n, v, albedo, max(u_roughness, 0.25), 0.4 * relief + 0.1, 0.45);
    // It glows where it is thin, and beats.
    float nv = max(dot(n, v), 0.0);
    float core = (0.30 + 0.75 * u_glow + 0.9 * u_welcome) * (0.7 + 0.7 * u_pulse * throb(u_phase * 1.6 + u_self[u_shape].x * 6.0, u_rhythm));
    Mood m = mood_now();
    core += 0.8 * m.sad + 1.3 * m.fear + 2.4 * m.angry + 2.9 * m.neutral + 1.0 * m.surprise + 0.6 * m.disgust;
    core += (1.0 - u_presence) * (0.5 + 1.0 * throb(u_time * 0.7, 0.2));
    light += mix(u_palette[2], u_palette[3], max(relief, 0.85 * max(m.fear * nv, m.angry))) * core * (0.20 + 1.1 * nv * nv * nv) * mix(0.45 - 0.25 * m.angry, 1.0, max(1.0 - relief, m.fear));
    light = haze(light, smoothstep(0.6, -1.2, v_position.z) * 0.85);
    // A light has no outline.
    f_colour = vec4(light, 1.0) * (u_fade * mix(0.15, 1.0, smoothstep(0.0, 0.55, nv)));
}
