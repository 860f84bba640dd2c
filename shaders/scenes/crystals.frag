#version 330 core
// A crystal's face: the room through it, the picture some way in, a wet surface, light from the root and at the edges.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/texture/triplanar.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/glass.glsl"
#include "lib/motion/throb.glsl"

in vec3 v_position;
in vec3 v_local;
in vec4 v_colour;
flat in vec3 v_axis;
in float v_along;

out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position);
    // Faces are flat: their normals come out of the picture itself.
    vec3 n = normalize(cross(dFdx(v_position), dFdy(v_position)) + vec3(0.0, 0.0, 1e-9));
    n = dot(n, v) < 0.0 ? -n : n;
    float along = clamp(v_along, 0.0, 1.0), random = v_colour.w;
    float born = step(1e-4, v_colour.r + v_colour.g + v_colour.b);
    vec3 within = refract(-v, n, 0.667);
    vec3 picture = triplanar(u_texture_before, u_texture, u_texture_share, v_local * 0.8 + within * 0.16, n);
    float tone = 0.12 + 0.55 * along + 0.30 * (random - 0.5);
    vec3 own = dress_own(picture, tone + u_self[u_shape].y);
    float grey = dot(picture, vec3(0.2126, 0.7152, 0.0722));
    vec3 kept = v_colour.rgb * mix(1.0, 0.35 + 1.8 * grey, u_texture_amount) * (0.55 + 0.6 * along);
    vec3 albedo = mix(own, kept, born);
    float occlusion = mix(mix(0.12, 0.6, born), 1.0, smoothstep(0.25, 0.85, along));
    float wet = mix(0.12, 0.40, u_roughness);
    vec3 light = shade(n, v, albedo * 0.22, wet, occlusion, occlusion);
    // What comes through takes the body's colour, the more the longer its way.
    vec3 body = mix(vec3(1.0), albedo / (max(albedo.r, max(albedo.g, albedo.b)) + 0.05), 0.85);
    vec3 room = glass(n, v, v_axis, 0.25 * u_roughness);
    room *= min(0.35 + 1.5 * dot(room, vec3(0.2126, 0.7152, 0.0722)), 1.1);
    light += room * body * (0.25 + 1.1 * grey) * occlusion * (0.80 * u_light + 1.05 * u_fill);
    // Light wells up from the root and gathers in the tip.
    float ember = (1.0 - u_presence) * (0.20 + 0.60 * throb(u_time * 0.7, 0.2)) * (1.0 - born);
    float root = exp(-4.5 * along), tip = smoothstep(0.75, 1.0, along);
    vec3 lamp = mix(mix(u_palette[2], u_palette[3], 0.5), v_colour.rgb, born);
    light += lamp * (root * (0.05 + 0.30 * u_glow + ember + 0.8 * u_welcome * (1.0 - born)) + tip * u_glow * 0.30) * 0.7;
    light = haze(light, smoothstep(0.5, -1.2, v_position.z) * 0.85);
    f_colour = vec4(light * u_fade, u_fade);
}
