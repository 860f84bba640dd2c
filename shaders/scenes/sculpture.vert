#version 330 core
// One triangle over the picture, with the moods and the raking light worked out once.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/relief/raking.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/figure.glsl"
out vec2 v_uv;
flat out vec4 v_first, v_last;
flat out vec3 v_key;
flat out vec3 v_who;  // the breasts' middle of all who are there, and their size
void main() {
    vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
    v_uv = u_part.xy + corner * u_part.zw;
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    v_key = raking();
    vec4 all = vec4(0.0);
    for (int i = 0; i < u_people; i++) {
        Figure f = figure(i);
        all += vec4(f.chest.xy, f.size, 1.0) * (u_place[i].w + 1e-3);
    }
    v_who = all.xyz / max(all.w, 1e-4);
}
