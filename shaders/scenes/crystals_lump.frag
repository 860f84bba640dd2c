#version 330 core
// Stone, slime or water: a round thing of the bed.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/bed.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_local;
flat in vec2 v_kind;
out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = normalize(v_normal);
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_local.xy * 0.22 + 0.15 * v_local.z);
    float grey = dot(picture, vec3(0.3333)), slime = step(0.5, v_kind.x);
    // Warts: the picture's light and dark are relief.
    n = normalize(n + mix(1.6, 1.9, slime) * (picture.grb - grey) * vec3(1.0, 1.0, 0.4));
    float low = smoothstep(FLOOR - 0.02, FLOOR + mix(0.08, 0.30, slime), v_position.y);
    vec3 albedo = mix((u_palette[1] * 0.30 + u_palette[2] * 0.02 + u_palette[0]) * (0.3 + 1.2 * grey), dress_own(picture, 0.15 + 0.45 * grey + 0.25 * low) * 0.8, slime);
    // Flesh in the second colour, and clear slime that runs over it from above.
    float runs = smoothstep(-0.25, 0.45, v_normal.y + 1.6 * (grey - 0.35) + 0.4 * sin(7.0 * v_local.x + 3.0 * v_local.z));
    runs = max(runs, step(1.2, v_kind.x));
    vec3 flesh = (u_counter * 0.45 + u_palette[1] * 0.5) * (0.2 + 1.2 * grey), clear = mix(u_palette[2], u_palette[3], 0.6) * (0.4 + grey);
    albedo = mix(albedo, mix(flesh, clear, runs), slime * step(v_kind.x, 1.5));
    vec3 light = shade(n, v, albedo, mix(0.55, max(0.16, 0.4 * u_roughness), slime), mix(0.4, 1.0, low), mix(0.4, 1.0, low));
    // Light goes a little way into slime and water.
    float rim = pow(1.0 - max(dot(n, v), 0.0), 2.5);
    light += slime * u_palette[2] * 0.10 * (0.4 + rim) + mix(u_counter, u_palette[3], 0.5) * rim * mix(0.0, 0.16, slime);
    light = mix(light, u_palette[3] * 0.22 + u_palette[2] * 0.1, 0.8 * step(1.5, v_kind.x));
    light = haze(light, smoothstep(0.6, -2.4, v_position.z) * (0.4 + 0.6 * u_fog));
    f_colour = vec4(light * u_fade, u_fade);
}
