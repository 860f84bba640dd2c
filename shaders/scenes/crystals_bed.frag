#version 330 core
// The bed of rock: wet stone under the groups, their light and their shadow on it, water in its hollows, haze in the distance; and
// the air behind the groups.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/texture/worn_softly.glsl"
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
flat in vec4 v_lamps;
flat in float v_weeps;
out vec4 f_colour;

void main() {
    vec2 from = v_seen - vec2(bed_middle(0).x, place_horizon_y());
    float scale = u_place[0].z;
    if (v_lamps.w < 0.5) {
        // Still air before a far wall, out of focus; the light falls from where the key is. In fear it comes through a crack.
        vec2 lit_from = from - vec2(-0.35, 0.85) * scale;
        float wall = dot(worn_softly(v_seen * 0.16 + 0.2, 3.5), vec3(0.3333)), pool = exp(-1.1 * dot(lit_from, lit_from)), low = exp(-3.5 * max(from.y, 0.0));
        vec3 air = u_palette[0] * 0.6 + (u_palette[1] * 0.55 + u_palette[2] * 0.03) * (0.25 + 0.75 * pool) * (0.35 + 1.3 * wall) + mix(u_palette[1], u_palette[2], 0.4) * low * 0.10;
        air += mix(u_palette[2], u_palette[3], 0.35) * (0.05 + 0.20 * v_lamps.y + 0.14 * v_lamps.z) * exp(-1.9 * dot(from - vec2(0.0, 0.25), from - vec2(0.0, 0.25)));
        float crack = from.x - 0.10 + 0.030 * sin(2.3 * from.y + 1.0) + 0.012 * sin(13.0 * from.y) + 0.016 * sin(7.0 * from.y), open = 0.010 + 0.030 * max(from.y - 0.3, 0.0);
        air *= 1.0 - 0.75 * v_lamps.x;
        float beam = 0.05 + 0.28 * max(1.3 - from.y, 0.0), shaft = exp(-pow((from.x - 0.06) / beam, 2.0)) * 0.10 * smoothstep(1.4, 0.3, from.y);
        air += mix(u_palette[3], u_counter, 0.35) * v_lamps.x * (1.3 * smoothstep(open + 0.030, open - 0.012, abs(crack)) * smoothstep(0.05, 0.75, from.y) + 0.22 * exp(-9.0 * abs(crack)) * smoothstep(-0.3, 0.6, from.y) + shaft);
        float veil = (0.80 - 0.20 * pool + 0.15 * v_lamps.x) * smoothstep(-0.30, 0.0, from.y);
        f_colour = vec4(air * veil, veil) * u_fade;
        return;
    }
    vec3 at = bed_at(v_seen), picture = worn(u_texture_before, u_texture, u_texture_share, bed_uv(at.xy));
    float grey = dot(picture, vec3(0.3333)), wet = bed_wet(grey), below = -from.y, near = 1.0 / (0.8 + 0.6 * at.z * at.z);
    vec3 stone = mix(u_palette[0] * 1.2 + u_palette[1] * 0.22, u_palette[1] * 0.50 + u_palette[2] * 0.07, grey) * (0.45 + 2.0 * grey);
    // The picture's light and dark are relief.
    vec3 n = normalize(vec3((picture.g - picture.r) * 2.5 * near, 1.0, (picture.b - picture.g) * 2.5 * near));
    float facing = max(dot(n, KEY), 0.0);
    vec3 light = stone * (0.16 + 0.75 * u_light * facing * facing);
    vec3 lamp = mix(u_palette[2], u_palette[3], 0.3) * (0.10 + 0.32 * u_glow + 0.6 * u_welcome) * (0.15 + 1.6 * grey * grey + 0.25 * wet);
    for (int i = 0; i < u_people; i++) {
        vec2 away = (at.xy - bed_middle(i).xz) / (0.25 + 0.75 * u_place[i].z);
        float r2 = dot(away, away), here = mix(1.0, u_place[i].w, u_presence), dark = 1.0 / (1.0 + 6.0 * r2 * (1.0 + 3.0 * r2));
        light *= 1.0 - 0.75 * here * dark;
        light += lamp * here / (1.0 + 3.0 * r2 * (1.0 + r2));
        // Drops make rings on the pool.
        float out_by = length(away - vec2(0.3, 0.1));
        light += u_palette[3] * 0.10 * v_weeps * wet * max(sin(16.0 * out_by - 3.5 * u_phase), 0.0) / (1.0 + 8.0 * out_by * out_by);
    }
    // Water mirrors the room behind, the more the flatter it is seen.
    vec2 mirrored = vec2(v_uv.x + 0.03 * n.x, v_uv.y + (below + 0.06 * n.z) * min(u_resolution.x, u_resolution.y) / u_resolution.y);
    light += backdrop_near(mirrored) * wet * mix(0.9, 0.25, min(1.4 * below, 1.0));
    light += mix(u_palette[3], u_counter, 0.35) * 0.35 * v_lamps.x * wet / (1.0 + 160.0 * from.x * from.x);
    float beyond = max(at.z - 0.9, 0.0) * (1.0 + u_fog), stays = smoothstep(0.0, 0.16, below) / (1.0 + beyond * (0.3 + 0.1 * beyond));
    f_colour = vec4(light * stays, stays) * u_fade;
}
