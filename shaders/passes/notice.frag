#version 330 core
// What visitors are told over a part of a large capture; in the show it is laid on by the output pass itself.
#include "lib/output/with_notice.glsl"
uniform sampler2D u_source;   // the finished picture, or the part of it that is drawn
uniform vec4 u_part_shown;    // the part that is drawn: left, bottom, width, height
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 whole = u_part_shown.xy + v_uv * u_part_shown.zw;
    f_colour = vec4(with_notice(texture(u_source, v_uv).rgb, vec2(whole.x, 1.0 - whole.y)), 1.0);
}
