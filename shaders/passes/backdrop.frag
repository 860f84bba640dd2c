#version 330 core
// Behind everything: near-black with a breath of the palette, or the camera's picture, dimmed.
#include "lib/frame.glsl"
#include "lib/colour/srgb.glsl"
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    float glow = exp(-0.9 * dot(p, p));
    // The room breathes slowly; with nobody there that is nearly all that moves.
    float breath = 1.0 + 0.18 * sin(u_time * 0.35) * (1.0 - u_presence);
    vec3 room = u_palette[0] * (0.4 + 0.6 * glow) + u_palette[1] * (0.05 + 0.16 * u_fog) * glow * breath;
    // Each visitor brings a light of their own; who arrives is greeted by it.
    for (int i = 0; i < u_people; i++) {
        vec2 away = p - u_place[i].xy;
        float near = exp(-1.6 * dot(away, away));
        room += mix(u_palette[1], u_palette[2], 0.5) * near * u_place[i].w * (0.05 + 0.04 * u_self[i].z);
    }
    float ring = exp(-18.0 * pow(length(p - u_place[u_people - 1].xy) - 1.5 * (1.0 - u_welcome), 2.0));
    room += (u_palette[2] * 0.35 + u_palette[3] * 0.25) * u_welcome * (0.35 * glow + 0.5 * ring * u_welcome);
    vec3 camera = to_linear(texture(u_camera, (vec2(v_uv.x, 1.0 - v_uv.y) - 0.5) * u_camera_fit + 0.5).rgb);
    float grey = dot(camera, vec3(0.2126, 0.7152, 0.0722));
    camera = mix(vec3(grey), camera, 0.45) * 0.28;
    // Alpha is what shapes cover; the room does not.
    f_colour = vec4(mix(room, camera + room * 0.5, u_camera_share), 0.0);
}
