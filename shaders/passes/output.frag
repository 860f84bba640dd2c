#version 330 core
// The finished picture as it is, for an output that neither bends nor colours it.
#include "lib/output/picture.glsl"
in vec2 v_part;
out vec4 f_colour;
void main() { f_colour = vec4(picture(v_part), 1.0); }
