#version 330 core
// One triangle that covers the picture, with the moods' shares.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/land/ground.glsl"
#include "lib/land/air.glsl"
out vec2 v_uv;
flat out vec4 v_first, v_last;
flat out vec3 v_sun;
void main() {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    v_sun = sun_here();
    vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
    v_uv = u_part.xy + corner * u_part.zw;
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}
