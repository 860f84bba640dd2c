#version 330 core
// Behind everything: near-black with a breath of the palette, or the camera's picture, dimmed.
#include "lib/frame.glsl"
#include "lib/colour/srgb.glsl"
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    float glow = exp(-1.1 * dot(p, p));
    vec3 room = u_palette[0] * (0.35 + 0.65 * glow) + u_palette[1] * (0.035 + 0.10 * u_fog) * glow;
    vec3 camera = to_linear(texture(u_camera, (vec2(v_uv.x, 1.0 - v_uv.y) - 0.5) * u_camera_fit + 0.5).rgb);
    float grey = dot(camera, vec3(0.2126, 0.7152, 0.0722));
    camera = mix(vec3(grey), camera, 0.45) * 0.28;
    f_colour = vec4(mix(room, camera + room * 0.5, u_camera_share), 1.0);
}
