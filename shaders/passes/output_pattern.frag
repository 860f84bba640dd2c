#version 330 core
// The test pattern instead of the picture: grid (geometry), ramp (greys, gamma) or colour; through warp and colour alike.
#include "lib/output/grade.glsl"
#include "lib/output/edge_weight.glsl"
#include "lib/output/pattern_grid.glsl"
#include "lib/output/pattern_ramp.glsl"
#include "lib/output/pattern_colour.glsl"
uniform vec4 u_edges;
uniform float u_edge_curve;
uniform int u_pattern;
uniform sampler2D u_names;
uniform vec4 u_name;  // where the name lies in u_names: left, top, width, height
uniform vec4 u_part;
uniform vec2 u_picture_px;
uniform vec3 u_tint;
in vec2 v_part;
out vec4 f_colour;

// The output's name below the middle, on a plate. at and part in pixels, y down; lines in u_names are 8 times as wide as high.
vec3 with_name(vec3 c, vec2 at, vec2 part) {
    float height = clamp(min(part.x, part.y) * 0.09, 24.0, 96.0);
    vec2 box = vec2(height * 8.0 * u_name.z, height);
    vec2 inside = (at - vec2(part.x * 0.5, part.y * 0.5 + height * 1.1)) / box + 0.5;
    if (any(lessThan(inside, vec2(0.0))) || any(greaterThan(inside, vec2(1.0)))) return c;
    float ink = texture(u_names, u_name.xy + inside * u_name.zw).r;
    return mix(vec3(0.03), vec3(0.92), ink);
}

void main() {
    vec2 part = u_part.zw * u_picture_px;
    vec2 at = v_part * part;
    vec3 c;
    if (u_pattern == 1) {
        c = pattern_grid(at, part, at + u_part.xy * u_picture_px, u_picture_px, u_edges * part.xyxy, u_tint);
        c = with_name(c, at, part);
    } else if (u_pattern == 2) {
        c = pattern_ramp(v_part, gl_FragCoord.xy);
    } else {
        c = pattern_colour(v_part);
    }
    f_colour = vec4(grade(c, v_part, edge_weight(v_part, u_edges, u_edge_curve)), 1.0);
}
