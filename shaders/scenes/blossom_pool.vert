#version 330 core
// The floor round the root: a flat quad that the blossom's light falls on.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/blossom_pose.glsl"

in vec2 in_uv;

out vec3 v_position;
out vec3 v_root;
flat out float v_crack;
out vec4 v_head;  // the head's place, its size

void main() {
    Blossom b = blossom_stand(mood_now());
    v_root = b.root;
    v_head = vec4(b.head, b.size);
    v_crack = 0.0;
    v_position = vec3(b.root.x + 2.1 * in_uv.x, blossom_floor(), mix(-2.2, 0.9, in_uv.y));
    gl_Position = to_clip(v_position);
}
