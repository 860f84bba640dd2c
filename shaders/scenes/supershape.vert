#version 330 core
// The inner body: finer than the shell it lives in, and lit from within.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"

in vec3 in_position;

out vec3 v_position;
out vec3 v_normal;
out vec3 v_local;   // where it is on the body, for the picture
out vec2 v_body;    // height of the relief [0, 1], 1 for a satellite

vec3 surface(vec3 d, Supershape form, float self) {
    return supershape_pose(supershape(d, form) * mix(0.66, 0.58, u_spread), self);
}

void main() {
    float self = u_self[u_shape].x;
    Supershape form = supershape_of_look(0.4 * self, u_feels[u_shape].xy);
    form.corners *= 2.0;
    form.rings *= 2.0;
    form.n1 *= 1.5;
    vec3 d = in_position, t = normalize(abs(d.y) < 0.7 ? cross(d, vec3(0.0, 1.0, 0.0)) : cross(d, vec3(1.0, 0.0, 0.0)));
    vec3 p = surface(d, form, self);
    vec3 across = surface(normalize(d + 0.03 * t), form, self) - p;
    vec3 along = surface(normalize(d + 0.03 * cross(t, d)), form, self) - p;
    vec3 n = normalize(cross(across, along));
    v_local = supershape(d, form);
    v_body = vec2(smoothstep(0.45, 1.0, length(v_local)), 0.0);
    v_normal = dot(n, p) < 0.0 ? -n : n;
    v_position = p * u_place[u_shape].z * 1.02 + vec3(u_place[u_shape].xy, 0.0);
    gl_Position = to_clip(v_position);
}
