// blossom_pose, blossom_open: how the whole blossom of the drawn shape stands: a bud upright, open it looks at the
// visitor, sad it nods. Needs lib/frame, motion/throb. open [0, 1]; axis +z is the blossom's own, out of its heart. Range: a
// rotation; open [0, 1.1]. Idea: two turns, about the upright and about the level axis.
float blossom_open() {
    float beat = u_pulse * 0.16 * (throb(u_phase * 1.6 + u_self[u_shape].x * 6.0, u_rhythm) - 0.4);
    return clamp(u_spread + beat + 0.28 * u_welcome, 0.0, 1.1);
}
mat3 blossom_pose(float open) {
    float yaw = 0.24 * sin(u_phase * 0.31 + u_self[u_shape].x * 9.0) + 0.10 * sin(u_phase * 0.73) + 0.30 * u_place[u_shape].x;
    float pitch = mix(-1.02, -0.42, smoothstep(0.15, 0.8, open)) + 0.10 * sin(u_phase * 0.23) + 1.35 * max(u_droop - 0.1, 0.0);
    float a = cos(yaw), b = sin(yaw), c = cos(pitch), d = sin(pitch);
    float spin = u_phase * 0.06, e = cos(spin), f = sin(spin);
    return mat3(a, 0.0, -b, 0.0, 1.0, 0.0, b, 0.0, a) * mat3(1.0, 0.0, 0.0, 0.0, c, d, 0.0, -d, c)
        * mat3(e, f, 0.0, -f, e, 0.0, 0.0, 0.0, 1.0);
}
// blossom_place: a point of the posed blossom to its place in the room; gravity acts there, not in the flower.
vec3 blossom_place(vec3 p, mat3 pose, float open) {
    p = pose * (p - vec3(0.0, 0.0, mix(0.42, 0.14, open)));
    p.y -= u_droop * 0.30 * dot(p.xy, p.xy);
    return p * 1.1 * u_place[u_shape].z + vec3(u_place[u_shape].xy, 0.0);
}
