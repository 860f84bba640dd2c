// outline, outline_reach: how far a place is from a visitor's outline: head, neck and shoulders of a bust, or a whole body.
// Needs lib/frame, form/moods, body/reframed, body/posed_arm, sdf/smooth_union. p in scene units.
// Range: scene units, negative inside, exact enough near the edge.
// who: 0 to u_people - 1. outline_reach: how far to each side of the head it goes; nothing of it is beyond.
// Idea: an oval, a trunk and eight bones with a radius, run together softly; a joint that is hardly seen has none, so nothing is cut off.
float bone(vec2 p, vec4 a, vec4 b, float thick) {
    vec2 way = b.xy - a.xy, from = p - a.xy;
    float along = clamp(dot(from, way) / max(dot(way, way), 1e-5), 0.0, 1.0), seen = smoothstep(0.15, 0.6, mix(a.w, b.w, along)) * smoothstep(0.05, 0.4, b.w);
    return length(from - way * along) - thick * (1.0 - 0.35 * along) * seen + (1.0 - seen);
}
float outline_reach(int who, Reframed r, float mood[7]) {
    vec4 left = reframed_joint(r, who, LEFT_SHOULDER), right = reframed_joint(r, who, RIGHT_SHOULDER), elbow, wrist;
    float reach = max(2.3 * r.half_head, 1.15 * max(abs(left.x - r.head.x), abs(right.x - r.head.x)));
    for (int side = 0; side < 2; side++) {
        posed_arm(r, who, mood, side, side == 0 ? left : right, side == 0 ? right : left, elbow, wrist);
        vec4 ankle = reframed_joint(r, who, LEFT_ANKLE + side);
        vec3 away = abs(vec3(elbow.x, wrist.x, ankle.x) - r.head.x) * step(0.1, vec3(elbow.w, wrist.w, ankle.w));
        reach = max(reach, max(away.x, max(away.y, away.z)) + 0.6 * r.half_head);
    }
    return reach;
}
float outline(vec2 p, int who, Reframed r, float mood[7]) {
    float H = r.half_head, soft = 0.20 * H;
    vec2 bowed = r.head + vec2(0.12, -0.34) * H * mood[SAD] - vec2(0.0, 0.20 * H * mood[FEAR]), q = (p - bowed) / H;
    float jaw = 1.0 - 0.26 * smoothstep(0.1, -1.0, q.y), head = (length(vec2(q.x / (0.74 * jaw), q.y)) - 1.0) * 0.72 * H;
    // Hair.
    head = smooth_union(head, (length(vec2(q.x / 0.84, (q.y - 0.24) / 0.86)) - 1.0) * 0.80 * H, 0.2 * H);
    vec4 left = reframed_joint(r, who, LEFT_SHOULDER), right = reframed_joint(r, who, RIGHT_SHOULDER);
    vec4 hip = reframed_joint(r, who, LEFT_HIP), other = reframed_joint(r, who, RIGHT_HIP), middle = 0.5 * (left + right);
    // Neck, and shoulders that slope from it.
    float wide = max(0.5 * distance(left.xy, right.xy), 1.40 * H), a = abs(p.x - middle.x), top = middle.y + 0.62 * H - 1.05 * H * pow(clamp(a / (wide * 1.15), 0.0, 1.2), 1.7);
    float known = smoothstep(0.2, 0.6, min(hip.w, other.w)), low = mix(-4.0, 0.5 * (hip.y + other.y) - 0.15 * H, known);
    float narrow = mix(wide * 1.06, max(1.05 * H, 0.66 * wide), known * smoothstep(0.0, 0.75, (middle.y - p.y) / max(middle.y - low, 0.05)));
    float trunk = max(max(a - narrow, (p.y - top) * 0.8), low - p.y);
    float neck = max(abs(p.x - mix(middle.x, r.head.x, smoothstep(middle.y, r.head.y, p.y))) - (0.36 + 0.10 * smoothstep(-1.1, -1.6, q.y)) * H, max(p.y - r.head.y, middle.y - p.y));
    float d = smooth_union(head, smooth_union(trunk, neck, soft), 0.6 * soft);
    for (int side = 0; side < 2; side++) {
        vec4 elbow, wrist;
        posed_arm(r, who, mood, side, side == 0 ? left : right, side == 0 ? right : left, elbow, wrist);
        float arm = smooth_union(bone(p, side == 0 ? left : right, elbow, 0.40 * H), bone(p, elbow, wrist, 0.30 * H), 0.3 * soft);
        d = smooth_union(d, arm, 2.0 * soft);
        if (known > 0.0) {
            vec4 ankle = reframed_joint(r, who, LEFT_ANKLE + side), knee = reframed_joint(r, who, LEFT_KNEE + side);
            d = smooth_union(d, smooth_union(bone(p, side == 0 ? hip : other, knee, 0.64 * H), bone(p, knee, ankle, 0.42 * H), 0.3 * soft), soft);
        }
    }
    return d;
}
