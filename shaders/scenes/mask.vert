#version 330 core
// The shell of a visitor's mask: rings round the tip of the nose, raised by the dome and by what is carved into it; the last
// rings fold back and give it an edge. What all its pixels share, expression and mood, is worked out here.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/mask/rig.glsl"
#include "lib/mask/openings.glsl"
#include "lib/mask/outline.glsl"
#include "lib/mask/relief.glsl"
#include "lib/mask/pose.glsl"

in vec2 in_uv;  // x round the face in [-1, 1], y from its middle to its edge in [0, 1]

out vec3 v_position;
out vec3 v_at;  // x, y on the face, units of its half height; z how far folded back [0, 1]
flat out vec4 v_face[5];
flat out vec4 v_mood[2];
flat out mat3 v_pose;

const float EDGE = 0.93;

void main() {
    mask_rig(u_shape);
    float angle = in_uv.x * 3.14159265, out_by = min(in_uv.y / EDGE, 1.0), back = max(in_uv.y - EDGE, 0.0) / (1.0 - EDGE);
    vec2 way = vec2(-sin(angle), cos(angle)) * out_by;
    vec2 q = vec2(0.0, way.y * mask_half(way.y).y);
    q.x = way.x * mask_half(q.y).x;
    mat3 pose = mask_pose(u_shape);
    vec4 stand = mask_stand(u_shape);
    vec2 m;
    vec3 eye = mask_eye(q);
    float mouth = mask_mouth(q, m), z = mask_dome(q) + mask_relief(q, eye, mouth, m) - 0.25 - 0.16 * back;
    vec3 p = vec3(q * (1.0 - 0.05 * back), z);
    // One side of a face that is disgusted is pulled.
    p.x += mood[0].y * (0.10 * q.y * q.y * sign(-q.y) + 0.04);
    p.y += mood[0].y * 0.10 * q.x * smoothstep(0.3, -0.6, q.y);
    p = pose * p * stand.w + stand.xyz;
    v_position = p;
    v_at = vec3(q, back);
    v_face = face;
    v_mood = mood;
    v_pose = pose;
    gl_Position = to_clip(p);
}
