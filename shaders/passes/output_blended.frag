#version 330 core
// The finished picture for an output with soft edges, and with colours of its own or without.
#include "lib/output/picture.glsl"
#include "lib/output/grade.glsl"
#include "lib/output/edge_weight.glsl"
uniform vec4 u_edges;
uniform float u_edge_curve;
in vec2 v_part;
out vec4 f_colour;
void main() {
    vec2 weight = edge_weight(v_part, u_edges, u_edge_curve);
    f_colour = vec4(grade(picture(v_part), v_part, weight), 1.0);
}
