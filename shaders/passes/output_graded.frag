#version 330 core
// The finished picture for an output with a warp, soft edges or colours of its own.
#include "lib/output/picture.glsl"
#include "lib/output/grade.glsl"
in vec2 v_part;
out vec4 f_colour;
void main() { f_colour = vec4(grade(picture(v_part), v_part), 1.0); }
