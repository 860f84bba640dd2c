#version 330 core
// The room's light by direction, four roughnesses side by side: a dark room with a large soft window above, a strip at the
// side, a glow from the floor, and the generated picture on its walls. Drawn once a frame, and small.
#include "lib/frame.glsl"
#include "lib/light/octahedral.glsl"
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
    // The window's light drifts slowly, as under moving clouds.
    float drift = 0.25 * sin(u_phase * 0.11);
    vec3 light = u_palette[3] * (1.7 * lamp(d, vec3(-0.45 + drift, 0.8, 0.45), 0.60, soft));
    light += u_palette[3] * 0.8 * lamp(d, vec3(0.95, 0.05, 0.25), 0.78, soft);
    light += u_palette[2] * 0.9 * lamp(d, vec3(0.2, -0.3, -0.95), 0.55, soft);
    light += u_palette[2] * 0.45 * smoothstep(mix(0.1, 0.9, roughness), -1.0, d.y);
    // The picture hangs on the walls: what mirrors, mirrors it; what is rough takes its colour.
    float lod = mix(3.0, 8.0, roughness);
    vec2 wall = vec2(atan(d.x, d.z) * 0.3183099, d.y * 0.5 + 0.5);
    vec3 picture = mix(textureLod(u_texture_before, wall, lod).rgb, textureLod(u_texture, wall, lod).rgb, u_texture_share);
    light += mix(u_palette[1], picture * (0.3 + u_palette[2]), 0.5 * u_texture_amount) * mix(0.35, 0.5, smoothstep(-0.8, 0.8, d.y));
    f_colour = vec4(light, 1.0);
}
