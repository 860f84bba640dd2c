#version 330 core
// Behind everything: the room, or the camera's picture, dimmed.
#include "lib/frame.glsl"
#include "lib/colour/srgb.glsl"
#include "lib/place/backdrop.glsl"
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec3 room = backdrop(v_uv);
    vec3 camera = to_linear(texture(u_camera, (vec2(v_uv.x, 1.0 - v_uv.y) - 0.5) * u_camera_fit + 0.5).rgb);
    float grey = dot(camera, vec3(0.2126, 0.7152, 0.0722));
    camera = mix(vec3(grey), camera, 0.45) * 0.28;
    // Alpha is what shapes cover; the room does not.
    f_colour = vec4(mix(room, camera + room * 0.5, u_camera_share), 0.0);
}
