#version 330 core
// The operator's text over what an output shows, turned and bent as the picture is, with its colours where it has some
// (GRADED). Idea: it is blended over the finished window, so films and screenshots, which are taken before, never hold it.
#ifdef GRADED
#include "lib/output/grade.glsl"
#include "lib/output/edge_weight.glsl"
uniform vec4 u_edges;
uniform float u_edge_curve;
#endif
uniform sampler2D u_text;  // row 0 on top, a pixel of the picture each; more than is shown
uniform vec4 u_text_box;
uniform vec4 u_part;
uniform vec2 u_picture_px;
in vec2 v_part;
out vec4 f_colour;
void main() {
    vec2 whole = u_part.xy + v_part * u_part.zw;
    vec2 from_top = whole - vec2(u_text_box.x, 1.0 - u_text_box.y - u_text_box.w);
    if (any(lessThan(from_top, vec2(0.0))) || any(greaterThan(from_top, u_text_box.zw))) discard;
    vec4 text = texture(u_text, from_top * u_picture_px / vec2(textureSize(u_text, 0)));
#ifdef GRADED
    text.rgb = grade(text.rgb, v_part, edge_weight(v_part, u_edges, u_edge_curve));
#endif
    f_colour = text;
}
