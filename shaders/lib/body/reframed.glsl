// reframed, reframed_joint: a visitor as the picture shows them: who stands near, so that face and shoulders are all that is seen,
// is set as a bust that fills the picture; who is seen whole stands where they stand; no head is cut by the picture's edge.
// Needs lib/frame. who: 0 to u_people - 1. Gives the head's middle, its half height and how far it is a bust [0, 1];
// reframed_joint a joint in it, z from the head's on within half a unit, w as it was.
// Idea: a portrait's proportions, a head of two fifths of the picture's height. All eased by u_seen, so nothing jumps.
struct Reframed { vec2 head; float half_head; float bust; vec2 from; float by; float z; };
Reframed reframed(int who) {
    vec4 seen = u_seen[who], neck = u_joints[who * JOINTS + NECK], pelvis = u_joints[who * JOINTS + PELVIS], head = u_joints[who * JOINTS + HEAD];
    Reframed r;
    // Where no head is known its size is a share of the trunk's.
    r.half_head = mix(clamp(0.27 * distance(neck.xy, pelvis.xy), 0.05, 0.16), clamp(seen.z, 0.04, 1.2), step(0.01, seen.w));
    r.bust = seen.w * (1.0 - smoothstep(1.0, 2.2, seen.x));
    r.from = mix(head.xy, u_head[who].xy, seen.w);
    float wanted = 0.43 / (1.0 + 0.22 * float(u_people - 1));
    r.by = mix(1.0, clamp(wanted / r.half_head, 0.3, 4.0), max(r.bust, smoothstep(0.30, 0.50, r.half_head)));
    r.half_head *= r.by;
    r.z = head.z;
    vec2 wide = u_resolution / min(u_resolution.x, u_resolution.y);
    r.head = mix(r.from, vec2(clamp(r.from.x, -0.5 * wide.x, 0.5 * wide.x), mix(clamp(r.from.y, -0.1, 0.4), 0.22, 0.8)), r.bust);
    r.head.y = min(r.head.y, 0.93 - 1.15 * r.half_head);
    return r;
}
vec4 reframed_joint(Reframed r, int who, int j) {
    vec4 joint = u_joints[who * JOINTS + j];
    return vec4(r.head + (joint.xy - r.from) * r.by, clamp((joint.z - r.z) * r.by * mix(1.0, 0.35, r.bust), -0.5, 0.5), joint.w);
}
