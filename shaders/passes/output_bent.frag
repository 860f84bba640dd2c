#version 330 core
// The finished picture in its own colours, for an output that only bends it.
#include "lib/output/picture.glsl"
#include "lib/output/feather.glsl"
in vec2 v_part;
out vec4 f_colour;
void main() { f_colour = vec4(picture(v_part) * feather(v_part), 1.0); }
