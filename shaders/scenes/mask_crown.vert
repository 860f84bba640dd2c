#version 330 core
// What grows round a mask: petals, horns, tears, shards, drips or rings, a strip each.
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
out vec4 v_strip;  // along, across, how wet, random
out float v_ring;  // how far it is a part of a ring

void main() {
    mask_rig(u_shape);
    Strip s = mask_strip(gl_InstanceID, int(u_strips));
    // A drop is as long as it is wide, however long the thread is: half of the rows go into it.
    float y0 = 1.0 - clamp(5.0 * s.wide / max(length(s.way + s.bend), 0.05), 0.10, 0.75);
    float y = mix(in_uv.y, in_uv.y < 0.5 ? 2.0 * in_uv.y * y0 : mix(y0, 1.0, sin(1.5707963 * (2.0 * in_uv.y - 1.0))), clamp(s.bead, 0.0, 1.0));
    vec3 middle = s.root + s.way * y + s.bend * y * y, way = normalize(s.way + 2.0 * s.bend * y + 1e-4);
    // Strips lie flat round the face, but those that hang turn to the eye.
    vec3 face_on = normalize(mix(vec3(s.root.xy * 0.35, 1.0), vec3(0.0, 0.0, 1.0), s.free));
    vec3 side = normalize(cross(way, face_on) + 1e-4), up = cross(side, way);
    float leaf = pow(max(1.0 - y, 0.0), 0.65) * pow(max(y, 0.0) + 0.12, 0.45) * 1.5, point = 1.0 - y, diamond = 1.0 - abs(2.0 * y - 0.75) / 1.25;
    float taper = s.tip < 1.0 ? mix(1.0, mix(point, leaf, mood[0].w), s.tip) : mix(mix(point, leaf, mood[0].w), diamond, clamp((s.tip - 1.0) / 0.6, 0.0, 1.0));
    float drop = max((y - y0) / (1.0 - y0), 0.0), bead = s.bead * pow(drop, 1.4) * sqrt(max(1.0 - drop * drop * drop * drop, 0.0));
    float thread = (0.25 + 0.75 * exp(-7.0 * y)) * sqrt(max(1.0 - drop * drop, 0.0));
    float width = s.wide * mix(taper, thread + 1.7 * bead, clamp(s.bead, 0.0, 1.0)), shard = clamp((s.tip - 1.0) / 0.6, 0.0, 1.0);
    float random = hash11(float(gl_InstanceID) + 3.0);
    float x = in_uv.x;
    vec3 p = middle + side * width * (x + shard * 0.9 * (random - 0.5) * (2.0 * y - 1.0)) + up * width * mix(0.7 * (1.0 - x * x), 0.25 * (1.0 - abs(x)), shard);
    mat3 pose = mask_pose(u_shape);
    vec4 stand = mask_stand(u_shape);
    // Tears and drips fall straight down, however the face is turned.
    float hang = clamp(s.free, 0.0, 1.0);
    vec3 turned = pose * p;
    vec3 straight = pose * s.root + (p - s.root);
    p = mix(turned, straight, hang) * stand.w + stand.xyz;
    v_position = p;
    vec3 n = normalize(side * mix(x * 1.3, 0.6 * sign(x) * step(0.01, abs(x)), shard) + up * 0.8 + shard * way * (random - 0.5));
    v_normal = mix(pose * n, n, hang);
    v_strip = vec4(y, x, clamp(bead + 0.45 * hang, 0.0, 1.0), random);
    v_ring = mood[1].y + mood[1].z;
    gl_Position = to_clip(p);
}
