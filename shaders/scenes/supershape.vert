#version 330 core
// The body's skin, twice: what of it is turned away, and what is turned to the eye.
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
#include "lib/form/shell_skin.glsl"

in vec2 in_uv;  // x round the axis in [-1, 1], y from its lower pole 0 to its upper one 1

void main() {
    // What is turned away is that of the mesh turned inside out.
    bool away = gl_InstanceID == 0;
    shell_skin(shell_stand(), away ? in_uv.x : -in_uv.x, in_uv.y, 1.0, away ? 0.0 : 2.0);
}
