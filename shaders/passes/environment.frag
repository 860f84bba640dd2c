#version 330 core
// The room's light by direction, four roughnesses side by side: a large soft window above, a strip at the side, the second light
// from behind, the room as it is drawn all round (lib/place), and the generated picture on its walls. Drawn once a frame, and small.
#include "lib/frame.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/place/mood.glsl"
#include "lib/texture/worn_softly.glsl"
const float LEVELS = 4.0, SIDE = 48.0;
in vec2 v_uv;
out vec4 f_colour;
float lamp(vec3 d, vec3 towards, float size, float soft) {
    float c = dot(d, normalize(towards));
    // A lamp seen by a rough surface is wider and dimmer: its light stays the same.
    return smoothstep(size - soft, size + soft, c) * mix(1.0, 0.45, soft);
}
void main() {
    float level = floor(v_uv.x * LEVELS), roughness = level / (LEVELS - 1.0);
    vec2 uv = (vec2(fract(v_uv.x * LEVELS), v_uv.y) * SIDE - 0.5) / (SIDE - 1.0);
    vec3 d = octahedral_direction(clamp(uv, 0.0, 1.0));
    float soft = mix(0.06, 0.85, roughness);
    // Who hides is lit from one side only.
    float hide = place_mood().hide;
    // The window's light drifts slowly, as under moving clouds.
    float drift = 0.25 * sin(u_phase * 0.11);
    vec3 light = u_palette[3] * (mix(1.7, 0.5, hide) * lamp(d, vec3(-0.45 + drift, 0.8, 0.45), 0.60, soft));
    light += u_palette[3] * 0.8 * lamp(d, vec3(0.95, 0.05, 0.25), 0.78, soft);
    // The second light comes from behind, from both sides and not quite alike: it draws the rims.
    // Rough surfaces get little of it, or opposite colours would add up to grey.
    float thin = min(soft, 0.22), rim = 1.1 * lamp(d, vec3(0.62, 0.05, -0.78), 0.66, thin) + 0.6 * lamp(d, vec3(-0.80, 0.25, -0.55), 0.80, thin);
    light += u_counter * rim * mix(1.0, 0.10, roughness);
    light += u_palette[2] * 0.45 * smoothstep(mix(0.1, 0.9, roughness), -1.0, d.y);
    // What is behind the forms is the room as it is seen; what is before them, the same room's other half, is dimmer.
    vec2 at = 0.5 + 0.5 * d.xy / max(0.45, abs(d.x) + abs(d.y) + 0.3 * abs(d.z));
    vec2 apart = vec2(0.02 + 0.16 * roughness, 0.0);
    vec3 room = 0.25 * (backdrop_near(at + apart) + backdrop_near(at - apart) + backdrop_near(at + apart.yx) + backdrop_near(at - apart.yx));
    light += room * mix(0.8, 2.6, smoothstep(0.4, -0.4, d.z)) * u_stage;
    // The picture hangs on the walls: what mirrors, mirrors it; what is rough takes its colour.
    float lod = mix(3.0, 8.0, roughness);
    vec2 wall = vec2(atan(d.x, d.z) * 0.3183099, d.y * 0.5 + 0.5);
    vec3 picture = worn_softly(wall, lod);
    vec3 worn_walls = picture * (0.3 + u_palette[2]);
    // A composed picture, where there is one, hangs there instead: its own colours light the forms.
    vec3 composed = mix(textureLod(u_picture_before, wall, lod - 1.0).rgb, textureLod(u_picture, wall, lod - 1.0).rgb, u_picture_fade);
    vec3 walls = mix(mix(u_palette[1], worn_walls, 0.5 * u_texture_amount), composed * 1.1, 0.75 * u_picture_strength);
    light += walls * mix(0.35, 0.5, smoothstep(-0.8, 0.8, d.y));
    f_colour = vec4(light, 1.0);
}
