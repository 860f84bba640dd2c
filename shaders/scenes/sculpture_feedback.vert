#version 330 core
// One triangle over the relief, with all that it needs to know of a visitor worked out once.
#include "lib/frame.glsl"
#include "lib/motion/beat.glsl"
#include "lib/form/moods.glsl"
#include "lib/relief/raking.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/features.glsl"
#include "lib/body/expression.glsl"
out vec2 v_uv;
flat out vec4 v_head, v_neck, v_chest, v_pelvis, v_arm[6], v_leg[2], v_mood_first, v_mood_last, v_brow, v_lids, v_mouth, v_more;
flat out vec3 v_face_x, v_face_y, v_key;
void main() {
    vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
    v_uv = corner;
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Expression e = expression(u_shape, m);
    // A relief is near: larger than who stands there, about the head.
    float crowd = 1.0 / (1.0 + 0.35 * float(max(u_people, 1) - 1)), whole = smoothstep(2.0, 3.0, mix(3.0, u_seen[u_shape].x, f.grown)), k = mix(1.0, mix(1.32, 1.55, whole), crowd);
    vec2 from = f.head.xy, to = vec2(from.x, min(from.y, mix(0.90, mix(0.30, 0.46, whole), crowd)));
    float s = f.size * k, flat_z = 0.55 * k;
    v_head = vec4(to + k * (f.head.xy - from), clamp(flat_z * f.head.z, -0.05 * s, 0.22 * s), s);
    v_neck = vec4(to + k * (f.neck.xy - from), clamp(flat_z * f.neck.z, -0.05 * s, 0.15 * s), f.near);
    v_chest = vec4(to + k * (f.chest.xy - from), clamp(flat_z * f.chest.z, -0.05 * s, 0.15 * s), f.grown);
    v_pelvis = vec4(to + k * (f.pelvis.xy - from), clamp(flat_z * f.pelvis.z, -0.05 * s, 0.15 * s), u_self[u_shape].x < 0.5 ? -1.0 : 1.0);
    for (int i = 0; i < 2; i++) {
        v_arm[3 * i] = vec4(to + k * (f.shoulder[i].xy - from), to + k * (f.elbow[i].xy - from));
        v_arm[3 * i + 1] = vec4(to + k * (f.wrist[i].xy - from), to + k * (f.palm[i].xy - from));
        v_arm[3 * i + 2] = vec4(clamp(flat_z * vec3(f.elbow[i].z, f.wrist[i].z, f.palm[i].z), -0.05 * s, 0.30 * s), 0.0);
        v_leg[i] = vec4(to + k * (f.knee[i].xy - from), to + k * (f.ankle[i].xy - from));
    }
    moods_here();
    v_key = raking();
    v_face_x = f.face[0];
    v_face_y = f.face[1];
    v_mood_first = vec4(m.angry, m.disgust, m.fear, m.happy);
    v_mood_last = vec4(m.sad, m.surprise, m.neutral, 1.0);
    v_brow = e.brow; v_lids = e.lids; v_mouth = e.mouth; v_more = e.more;
}
