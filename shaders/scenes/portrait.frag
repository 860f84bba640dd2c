#version 330 core
// Portrait: a relief of paint in the visitor's outline, in the room as the camera sees it, drawn in two tones of the emotion.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/value3.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/srgb.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
uniform float u_room, u_relief, u_face;
in vec2 v_uv;
out vec4 f_colour;

float figure(vec2 at) { return texture(u_silhouette, at).r; }

// A rounded body out of a flat outline: what lies deeper inside stands higher.
float dome(vec2 at) {
    return 0.35 * textureLod(u_silhouette, at, 2.0).r + 0.35 * textureLod(u_silhouette, at, 3.5).r + 0.3 * textureLod(u_silhouette, at, 5.0).r;
}

// A place in the painted face's square, -1 to 1 with y down, as texture coordinates.
vec2 corner(vec2 spot) { return vec2(0.5 + 0.5 * spot.x, 0.5 - 0.5 * spot.y); }

void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    vec2 at = (vec2(v_uv.x, 1.0 - v_uv.y) - 0.5) * u_camera_fit + 0.5;
    float aspect = u_resolution.x / u_resolution.y * u_camera_fit.x / u_camera_fit.y;
    vec2 q = vec2((at.x * 2.0 - 1.0) * aspect, 1.0 - at.y * 2.0);

    // Whose body is nearest: each visitor tints and stirs their own figure.
    float valence = 0.0, energy = 0.0, sum = 1e-3;
    for (int i = 0; i < u_people; i++) {
        vec4 chest = u_joints[i * JOINTS + CHEST];
        float near = chest.w * exp(-3.0 * dot(q - chest.xy, q - chest.xy));
        valence += near * u_feels[i].x;
        energy += near * u_self[i].z;
        sum += near;
    }
    valence /= sum;
    energy /= sum;

    // The outline lives: it boils, shivers, sheds thorns, and hangs in drops.
    float flow = u_phase * 0.35;
    vec2 stir = vec2(value_noise(vec3(p * 2.6, flow)), value_noise(vec3(p * 2.6 + 17.0, flow)));
    float thorn = abs(value_noise(vec3(p * 9.0, u_phase * 0.2)));
    vec2 moved = at + stir * (0.004 + 0.035 * u_turbulence + 0.02 * energy);
    moved += u_tremble * 0.006 * vec2(sin(u_phase * 19.0 + p.y * 31.0), cos(u_phase * 23.0 + p.x * 27.0));
    float drop = max(u_droop, 0.0) * 0.16 * pow(0.5 + 0.5 * value_noise(vec3(p.x * 7.0, 3.0, u_phase * 0.05)), 2.0);
    float raw = max(figure(moved), max(figure(moved - vec2(0.0, drop)), 0.8 * figure(moved - vec2(0.0, 0.5 * drop))));
    float aura = textureLod(u_silhouette, at + stir * 0.02, 4.0).r;
    raw = max(raw, smoothstep(0.55 - 0.35 * u_spikiness, 0.62, aura + u_spikiness * (thorn * 0.75 - 0.35)) * step(0.05, u_spikiness));
    // Who leaves dissolves from the edge into grains of paint.
    vec2 turned = mat2(0.8, 0.6, -0.6, 0.8) * p + 0.06 * stir;
    float grains = 0.5 + 0.32 * value_noise(vec3(turned * 10.0, 5.0)) + 0.26 * value_noise(vec3(turned.yx * 23.0, 9.0));
    float known = smoothstep(grains - 0.35, grains + 0.05, u_silhouette_share * 1.4 - 0.05);
    float inside = smoothstep(0.25, 0.75, raw) * known;

    // The room in two tones.
    vec3 camera = to_linear(texture(u_camera, at).rgb);
    float grey = dot(camera, vec3(0.2126, 0.7152, 0.0722));
    vec3 room = mix(u_palette[0], u_palette[1] * 1.1 + u_palette[2] * 0.12, smoothstep(0.0, 0.8, sqrt(grey))) * (0.35 + 0.9 * grey);
    room *= u_room * u_silhouette_share * (1.0 - 0.6 * smoothstep(0.3, 1.6, dot(p, p)));
    // With nobody there the picture itself drifts in the dark, like a painting in an unlit hall.
    vec3 asleep = worn(u_texture_before, u_texture, u_texture_share, p * 0.28 + 0.05 * stir + vec2(0.0, 0.01 * u_phase));
    float veil = exp(-1.7 * dot(p, p)) * (0.75 + 0.25 * sin(u_time * 0.35));
    room += asleep * u_palette[2] * veil * 0.5 * (1.0 - u_silhouette_share);
    // Who arrives is greeted by light, before their outline is known.
    room += (u_palette[2] * 0.4 + u_palette[3] * 0.3) * u_welcome * exp(-1.3 * dot(p, p));
    // Its light falls on the room around.
    float halo = textureLod(u_silhouette, at, 5.5).r * known;
    room += (u_palette[1] * 0.7 + u_palette[2] * 0.3) * halo * (0.10 + 0.4 * u_glow);
    float rings = 0.5 + 0.5 * sin(26.0 * textureLod(u_silhouette, at, 4.5).r - u_phase * 1.4);
    room += u_palette[3] * pow(rings, 10.0) * halo * (1.0 - inside) * 0.25 * max(u_arousal, 0.0);

    vec3 light = room;
    if (inside > 0.003) {
        vec2 e = vec2(0.008, 0.0);
        vec2 slope = vec2(dome(moved + e.xy) - dome(moved - e.xy), dome(moved - e.yx) - dome(moved + e.yx));
        vec2 uv = q * 0.42 + stir * (0.05 + 0.10 * u_turbulence) + vec2(0.02, 0.05) * flow + slope * 0.25;
        vec3 picture = worn(u_texture_before, u_texture, u_texture_share, uv);
        float thick = sqrt(dot(picture, vec3(0.3333)));
        vec2 ridge = vec2(dFdx(thick), dFdy(thick)) * 1.5;
        vec3 n = normalize(vec3(-slope * 4.5 * u_relief - clamp(ridge, -0.4, 0.4), 1.0));
        float high = dome(moved);
        vec3 albedo = dress(picture, 0.22 + 0.5 * high + 0.22 * valence);
        light = shade(n, vec3(0.0, 0.0, 1.0), albedo, u_roughness, 0.35 + 0.65 * high, 0.45 + 0.55 * high);
        float rim = smoothstep(0.9, 0.3, raw);
        light += u_palette[3] * (rim * (0.15 + 0.9 * u_glow) + u_glow * 0.2 * pow(1.0 - n.z, 2.0));
        // The painted face over the relief: its strokes come from the middle outwards, and dissolve from the outside in.
        if (u_avatar_place.w > 0.0) {
            vec2 spot = (moved - u_avatar_place.xy) * vec2(aspect, 1.0) / max(u_avatar_place.z, 1e-3);
            vec4 face = mix(texture(u_avatar_before, corner(spot)), texture(u_avatar, corner(spot)), u_avatar_fade);
            float there = step(max(abs(spot.x), abs(spot.y)), 1.0) * face.a;
            float bare = 1.0 - u_avatar_place.w;
            there = smoothstep(bare, bare + 0.25, there * (0.75 + 0.25 * grains) * 1.25) * step(0.004, there);
            vec3 paint = face.rgb * (0.55 + 0.45 * high) * (0.8 + 0.5 * u_light);
            light = mix(light, paint, there * u_face);
        }
        light = mix(room, light, inside);
    }
    light = haze(light, 0.35 * (1.0 - inside));
    f_colour = vec4(light * u_fade, u_fade);
}
