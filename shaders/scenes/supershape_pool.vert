#version 330 core
// The floor round the form's foot: a flat quad that its light falls on (blossom_pool.frag).
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/shell.glsl"

in vec2 in_uv;

out vec3 v_position;
out vec3 v_root;
flat out float v_crack;
out vec4 v_head;  // the heart's place, the form's size

void main() {
    Shell s = shell_stand();
    v_root = s.root;
    v_head = vec4(shell_place(shell_rotate(s.heart, s), s), s.size);
    v_crack = s.mood.fear;
    v_position = vec3(s.root.x + 2.4 * in_uv.x, s.root.y, mix(-2.6, 0.9, in_uv.y));
    gl_Position = to_clip(v_position);
}
