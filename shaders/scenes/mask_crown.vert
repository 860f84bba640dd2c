#version 330 core
// What grows round a mask: locks of raffia and horns, a strip each.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/mask/rig.glsl"
#include "lib/mask/openings.glsl"
#include "lib/mask/outline.glsl"
#include "lib/mask/pose.glsl"
#include "lib/mask/crown.glsl"

uniform float u_strips;

in vec2 in_uv;  // x across in [-1, 1], y from root to tip in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_way;
out vec4 v_strip;  // along, across, how far it is carved, random
flat out vec4 v_mood[2];

void main() {
    mask_rig(u_shape);
    Strip s = mask_strip(gl_InstanceID, int(u_strips));
    float y = in_uv.y, x = in_uv.x, solid = clamp(s.solid, 0.0, 1.0);
    vec3 middle = s.root + s.way * y + s.bend * y * y, way = normalize(s.way + 2.0 * s.bend * y + 1e-4);
    // Locks lie flat round the face, but those that hang turn to the eye.
    vec3 face_on = normalize(mix(vec3(s.root.xy * 0.35, 1.0), vec3(0.0, 0.0, 1.0), s.hang));
    vec3 side = normalize(cross(way, face_on) + 1e-4), up = cross(side, way);
    // A horn has rings and runs to a point; a lock opens like a brush.
    float horn = pow(max(1.0 - y, 0.0), 0.8) * (1.0 + 0.05 * sin(40.0 * y) * (1.0 - y)), lock = (1.0 - 0.45 * y * y) * smoothstep(-0.1, 0.15, y);
    // A gilded leaf is full in its middle; every other ray of a sun is a flame.
    float leaf = sqrt(max(1.0 - y, 0.0)) * (0.78 + 0.9 * y * (1.0 - y));
    horn = mix(horn, leaf, clamp(mood[1].z + 0.5 * mood[0].w, 0.0, 1.0));
    middle += side * (mood[0].w * solid * mod(float(gl_InstanceID), 2.0) * 0.030 * sin(9.0 * y) * y);
    float width = s.wide * mix(lock, horn, solid);
    vec3 p = middle + side * width * x + up * width * mix(0.25, 0.9, solid) * (1.0 - x * x);
    mat3 pose = mask_pose(u_shape);
    vec4 stand = mask_stand(u_shape);
    float hang = clamp(s.hang, 0.0, 1.0);
    p = mix(pose * p, pose * s.root + (p - s.root), hang) * stand.w + stand.xyz;
    v_position = p;
    vec3 n = normalize(side * x * 1.3 + up * sqrt(max(1.0 - 0.9 * x * x, 0.0)) + way * solid * 0.25 * cos(40.0 * y));
    v_normal = mix(pose * n, n, hang);
    v_way = mix(pose * way, way, hang);
    v_strip = vec4(y, x, solid, hash11(float(gl_InstanceID) + 3.0));
    v_mood = mood;
    gl_Position = to_clip(p);
}
