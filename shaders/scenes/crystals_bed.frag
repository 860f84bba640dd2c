#version 330 core
// The bed of rock: wet stone under the groups, their light and their shadow on it, water in its hollows, haze in the distance.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/shade.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"
#include "lib/form/bed_stone.glsl"

in vec2 v_seen;
in vec2 v_uv;
flat in float v_crack;
flat in float v_weeps;
out vec4 f_colour;

void main() {
    vec2 from = v_seen - vec2(bed_middle(0).x, place_horizon_y());
    vec3 at = bed_at(v_seen), picture = worn(u_texture_before, u_texture, u_texture_share, bed_uv(at.xy));
    float grey = dot(picture, vec3(0.3333)), wet = bed_wet(grey), below = -from.y, near = 1.0 / (0.8 + 0.6 * at.z * at.z);
    vec3 stone = mix(u_palette[0] * 1.2 + u_palette[1] * 0.22, u_palette[1] * 0.50 + u_palette[2] * 0.07, grey) * (0.45 + 2.0 * grey);
    // The picture's light and dark are relief.
    vec3 n = normalize(vec3((picture.g - picture.r) * 2.5 * near, 1.0, (picture.b - picture.g) * 2.5 * near));
    float facing = max(dot(n, KEY), 0.0);
    vec3 light = stone * (0.16 + 0.75 * u_light * facing * facing);
    vec3 lamp = mix(u_palette[2], u_palette[3], 0.3) * (0.10 + 0.32 * u_glow + 0.6 * u_welcome) * (0.15 + 1.6 * grey * grey + 0.25 * wet);
    for (int i = 0; i < u_people; i++) {
        vec2 away = (at.xy - bed_middle(i).xz) / (0.25 + 0.75 * bed_size(i));
        float r2 = dot(away, away), here = mix(1.0, u_place[i].w, u_presence), dark = 1.0 / (1.0 + 6.0 * r2 * (1.0 + 3.0 * r2));
        light *= 1.0 - 0.75 * here * dark;
        light += lamp * here / (1.0 + 3.0 * r2 * (1.0 + r2));
        // Drops make rings on the pool.
        float out_by = length(away - vec2(0.3, 0.1));
        light += u_palette[3] * 0.10 * v_weeps * wet * max(sin(16.0 * out_by - 3.5 * u_phase), 0.0) / (1.0 + 8.0 * out_by * out_by);
    }
    // Water mirrors the room behind, the more the flatter it is seen.
    vec2 mirrored = vec2(v_uv.x + 0.03 * n.x, v_uv.y + (below + 0.06 * n.z) * min(u_resolution.x, u_resolution.y) / u_resolution.y);
    light += backdrop_near(mirrored) * wet * (1.0 - 0.85 * v_crack) * mix(0.9, 0.25, min(1.4 * below, 1.0));
    light += mix(u_palette[3], u_counter, 0.35) * 0.35 * v_crack * wet / (1.0 + 160.0 * from.x * from.x);
    float beyond = max(at.z - 0.9, 0.0) * (1.0 + u_fog), stays = smoothstep(0.0, 0.16, below) / (1.0 + (1.0 - 0.8 * v_crack) * beyond * (0.3 + 0.1 * beyond));
    f_colour = vec4(light * stays, stays) * u_fade;
}
