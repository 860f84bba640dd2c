#version 330 core
// A thin ridge of a visitor's mountain: light on its crest, its slope, and mist at its foot.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"

in vec2 v_at;
in vec4 v_strip;
in vec3 v_light;
in vec3 v_crest;
in vec3 v_mist;
in float v_run;
flat in vec4 v_first, v_last;
out vec4 f_colour;

void main() {
    moods_are(v_first, v_last);
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_at * 1.3);
    float grey = dot(picture, vec3(0.3333)), below = v_strip.y * v_strip.w;
    float edge = (1.0 - abs(v_strip.x)) / max(fwidth(v_strip.x), 1e-4);
    float there = smoothstep(0.0, 1.8, edge) * smoothstep(0.0, 0.075, 1.0 - abs(v_strip.x)) * smoothstep(0.0, 1.6, below) * v_strip.z;
    vec3 light = v_light * (0.75 + 0.6 * grey * u_texture_amount);
    float thin = max(0.9, 0.05 * v_strip.w);
    light = mix(light, v_mist, smoothstep(0.10, 0.62, v_strip.y) * 0.55);
    // Water runs down between the ridges, or slime, thicker.
    if (v_run > 0.001) {
        float thick = MOOD[DISGUST], way = v_at.x + 0.010 * sin(11.0 * v_at.y + 7.0 * v_at.x), runs = max(sin(mix(71.0, 43.0, thick) * way + 5.0 * sin(23.0 * way)) - mix(0.62, 0.35, thick), 0.0);
        light += v_run * v_crest * max(runs * (0.9 + 1.1 * sin(9.0 * v_at.y + 63.0 * way)), 0.0) * mix(0.85, 0.50, thick) * smoothstep(0.9, 0.2, v_strip.y * (1.0 + 0.5 * grey));
    }
    light += v_crest * exp(-below * below / (4.0 * thin * thin)) * (0.5 + 0.8 * grey);
    light = own_tint(light, picture);
    f_colour = vec4(light, 1.0) * there * u_fade;
}
