#version 330 core
// A smaller lattice within the body where that is one; it turns the other way.
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

in vec2 in_uv;  // as in supershape.vert

void main() {
    Shell s = shell_stand();
    s.turn *= -0.7;
    shell_skin(s, -in_uv.x, in_uv.y, 0.54, 1.0);
    if (s.mood.neutral < 0.02) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
