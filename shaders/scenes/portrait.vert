#version 330 core
// One triangle over the picture, with what the ground and the robe need of the sitters worked out once.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/portrait/sitter.glsl"
out vec2 v_uv;
flat out vec2 v_middle;                // of all heads
flat out vec4 v_sitters[MOST_PEOPLE];  // the head's middle, half its height, how far it is there
flat out float v_shares[7];
void main() {
    vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
    v_uv = u_part.xy + corner * u_part.zw;
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
    float shares[7] = moods_awake();
    vec3 all = vec3(0.0, 0.0, 1e-4);
    for (int i = 0; i < MOST_PEOPLE; i++) {
        v_sitters[i] = vec4(0.0);
        if (i >= u_people) continue;
        Sitter s = sitter(i, framing(i, shares), shares);
        all += vec3(s.head, 1.0) * s.here;
        v_sitters[i] = vec4(s.head, s.tall, s.here);
    }
    v_shares = shares;
    v_middle = all.xy / all.z;
}
