#version 330 core
// The finished picture for an output with colours of its own.
#include "lib/output/picture.glsl"
#include "lib/output/grade.glsl"
in vec2 v_part;
out vec4 f_colour;
void main() { f_colour = vec4(grade(picture(v_part), v_part, vec2(1.0, 0.0)), 1.0); }
