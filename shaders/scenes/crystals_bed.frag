#version 330 core
// The bed of rock: wet stone under the groups, their light and their shadow on it, water in its hollows, haze in the distance; and
// light behind the groups.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/form/moods.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/shade.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"
#include "lib/form/bed_stone.glsl"

in vec2 v_uv;
out vec4 f_colour;

void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    moods();
    // Light that the groups stand before: a slit in fear, a ring in surprise, a glow that rises in joy.
    vec2 from = p - vec2(u_place[0].x, place_horizon_y());
    float slit = MOOD[FEAR] * exp(-120.0 * from.x * from.x) * smoothstep(1.3, -0.1, from.y);
    float sun = MOOD[HAPPY] * exp(-2.2 * dot(from, from)), d = length(from - vec2(0.0, 0.38 * u_place[0].z)) - 0.42 * u_place[0].z;
    float ring = MOOD[SURPRISE] * (exp(-70.0 * d * d) + 0.4 * exp(-6.0 * d * d));
    vec3 air = mix(u_palette[3], u_counter, 0.35) * 0.8 * slit + u_counter * 0.35 * ring + mix(u_palette[2], u_palette[3], 0.5) * sun * 0.45;
    float below = place_horizon_y() - p.y;
    if (below < 0.01) {
        f_colour = vec4(air * u_fade, 0.0);
        return;
    }
    vec3 at = bed_at(p), picture = worn(u_texture_before, u_texture, u_texture_share, bed_uv(at.xy));
    float grey = dot(picture, vec3(0.3333)), wet = bed_wet(grey), near = exp(-0.35 * max(at.z - 0.6, 0.0));
    vec3 stone = mix(u_palette[0] * 1.2 + u_palette[1] * 0.22, u_palette[1] * 0.50 + u_palette[2] * 0.07, grey) * (0.45 + 2.0 * grey);
    // The picture's light and dark are relief.
    vec3 n = normalize(vec3((picture.g - picture.r) * 2.5 * near, 1.0, (picture.b - picture.g) * 2.5 * near));
    vec3 light = stone * (0.16 + 0.75 * u_light * max(dot(n, KEY), 0.0) * max(dot(n, KEY), 0.0));
    for (int i = 0; i < u_people; i++) {
        vec2 away = (at.xy - bed_middle(i).xz) / (0.25 + 0.75 * u_place[i].z);
        float r2 = dot(away, away), here = mix(1.0, u_place[i].w, u_presence);
        light *= 1.0 - 0.75 * here * exp(-6.0 * r2);
        vec3 lamp = mix(u_palette[2], u_palette[3], 0.3);
        light += lamp * here * exp(-1.9 * sqrt(r2)) * (0.10 + 0.32 * u_glow + 0.6 * u_welcome) * (0.15 + 1.6 * grey * grey + 0.25 * wet);
        // Drops make rings on the pool.
        float rings = sin(16.0 * length(away - vec2(0.3, 0.1)) - 3.5 * u_phase) * exp(-2.0 * length(away - vec2(0.3, 0.1)));
        light += MOOD[SAD] * wet * u_palette[3] * 0.10 * max(rings, 0.0);
    }
    // Water mirrors the room behind, the more the flatter it is seen.
    vec2 mirrored = vec2(v_uv.x + 0.03 * n.x, v_uv.y + (below + 0.06 * n.z) * min(u_resolution.x, u_resolution.y) / u_resolution.y);
    float grazing = mix(0.25, 0.9, exp(-2.2 * below));
    light += (backdrop_near(mirrored) + air * 0.6) * wet * grazing;
    float gone = 1.0 - exp(-0.30 * max(at.z - 0.9, 0.0) * (1.0 + u_fog));
    f_colour = vec4((light * (1.0 - gone) + air * gone) * u_fade, (1.0 - gone) * u_fade);
}
