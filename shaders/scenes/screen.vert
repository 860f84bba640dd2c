#version 330 core
// One triangle that covers the picture; v_uv is (0, 0) at the bottom left of the whole picture.
#include "lib/frame.glsl"
out vec2 v_uv;
void main() {
    vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
    v_uv = u_part.xy + corner * u_part.zw;
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}
