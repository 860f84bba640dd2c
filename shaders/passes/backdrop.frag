#version 330 core
// Behind everything: the room; with CAMERA, the camera's picture before it, dimmed.
#include "lib/frame.glsl"
#include "lib/place/backdrop.glsl"
#ifdef CAMERA
#include "lib/colour/srgb.glsl"
#endif
in vec2 v_uv;
out vec4 f_colour;
void main() {
#ifdef ON_PROCESSOR
    // The picture is hardly larger than the room has been drawn: nothing is seen of its pixels.
    vec3 room = backdrop_near(v_uv);
#else
    vec3 room = backdrop(v_uv);
#endif
#ifdef CAMERA
    vec3 camera = to_linear(texture(u_camera, (vec2(v_uv.x, 1.0 - v_uv.y) - 0.5) * u_camera_fit + 0.5).rgb);
    float grey = dot(camera, vec3(0.2126, 0.7152, 0.0722));
    camera = mix(vec3(grey), camera, 0.45) * 0.28;
    room = mix(room, camera + room * 0.5, u_camera_share);
#endif
    // Alpha is what shapes cover; the room does not.
    f_colour = vec4(room, 0.0);
}
