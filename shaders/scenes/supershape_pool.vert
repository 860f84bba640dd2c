#version 330 core
// The floor round the form's foot: a flat quad that its light falls on (blossom_pool.frag).
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/lantern.glsl"

in vec2 in_uv;

out vec3 v_position;
out vec3 v_root;
flat out float v_crack;
out vec4 v_head;  // the heart's place, the form's size

void main() {
    Lantern l = lantern_stand();
    v_root = l.root;
    v_head = vec4(lantern_place(vec3(0.0, l.heart, 0.0), 1.0, l), l.size);
    v_crack = l.mood.fear;
    v_position = vec3(l.root.x + 2.1 * in_uv.x, l.root.y, mix(-2.2, 0.9, in_uv.y));
    gl_Position = to_clip(v_position);
}
