// colossus, colossus_scale, body_at: a visitor as a mountain that wears a hood: one slope runs from its crown over the shoulders to the
// ground, raised arms stand out of it. Needs lib/frame, sdf/smooth_union, sdf/along_segment, form/moods, noise/hash. at: scene units;
// seen, stands and k: what colossus_scale gives.
// Gives form: distance to the outline, < 0 inside; across: -1 at the left slope, 1 at the right; wide: half the width there; size: half
// the head's height; face: place in the face; down: below the head's middle, in sizes.
// Range: scene units. Idea: a shrouded figure and an eroded cone are the same form, both fall in folds from one point; each mood stands
// in its own way: bowed, thrust up in shards, drawn in, clotted, opened.
struct Colossus { float form; float across; float wide; float size; vec2 face; float down; };
float capsule2(vec2 p, vec2 a, vec2 b, float ra, float rb) {
    float along = along_segment(p, a, b);
    return distance(p, mix(a, b, along)) - mix(ra, rb, along);
}
// A joint of head and shoulders; where no body is known yet one that stands where the visitor is.
vec2 body_at(int joint, vec2 usual) {
    vec4 place = u_place[u_shape];
    return mix(vec2(place.x, 0.10) + 0.9 * place.z * usual, u_joints[u_shape * JOINTS + joint].xy, u_joints[u_shape * JOINTS + CHEST].w);
}
// How a visitor's picture is laid on the land: what is too large for it stands farther away. Gives the scale, and the head's place there.
float colossus_scale(out vec2 from, out vec2 to) {
    float wide = length(body_at(LEFT_SHOULDER, vec2(-0.17, 0.10)) - body_at(RIGHT_SHOULDER, vec2(0.17, 0.10)));
    float size = mix(max(0.30 * wide, 0.07), u_seen[u_shape].z, u_seen[u_shape].w);
    from = mix(body_at(HEAD, vec2(0.0, 0.34)), u_head[u_shape].xy, u_seen[u_shape].w);
    float k = min(1.0, 0.29 / max(size, 0.05)) * (1.0 - 0.20 * MOOD[FEAR]);
    to = vec2(from.x, mix(from.y, 0.34 + 0.25 * (from.y - 0.1), smoothstep(1.0, 0.7, k)) - 0.10 * MOOD[FEAR]);
    // The crown stays in the picture.
    to.y = min(to.y, u_resolution.y / min(u_resolution.x, u_resolution.y) - 0.10 - 1.35 * k * size);
    return k;
}
Colossus colossus(vec2 at, vec2 seen, vec2 stands, float k) {
    Colossus it;
    at = seen + (at - stands) / k;
    int j = u_shape * JOINTS;
    vec2 left = body_at(LEFT_SHOULDER, vec2(-0.17, 0.10)), right = body_at(RIGHT_SHOULDER, vec2(0.17, 0.10)), middle = 0.5 * (left + right);
    vec4 turn = u_turn[u_shape];
    float size = mix(max(0.30 * length(left - right), 0.07), u_seen[u_shape].z, u_seen[u_shape].w);
    // It stands as the mood stands: thrust aside, bowed, drawn in.
    at.x -= 0.10 * MOOD[ANGRY] * (at.y - seen.y + 3.0 * size);
    vec2 crown = seen + size * vec2(0.30 * MOOD[SAD], -0.34 * MOOD[SAD] - 0.30 * MOOD[FEAR] - 0.15 * MOOD[DISGUST] + 0.12 * MOOD[HAPPY] + 0.12 * MOOD[SURPRISE]);
    float roll = turn.z + 0.22 * MOOD[SAD] + 0.10 * MOOD[DISGUST], c = cos(roll), s = sin(roll);
    vec2 q = mat2(c, s, -s, c) * (at - crown) / size;
    // The hood: an egg that runs to a point where it mourns or hides.
    float point = 0.10 + 0.16 * MOOD[SAD] + 0.22 * MOOD[FEAR], narrow = 0.93 - point * smoothstep(-0.1, 1.2, q.y);
    float hood = (length(q * vec2(1.0 / narrow, 0.88)) - 1.0) * 0.86 * size;
    // One slope to the shoulders, and from them to the ground.
    float shoulder_y = min(middle.y, crown.y - 1.25 * size) + size * (0.10 + 0.30 * MOOD[FEAR]), top = crown.y + 0.25 * size;
    float half_width = max(0.5 * abs(left.x - right.x) + 0.22 * size, 1.35 * size) * (1.0 - 0.22 * MOOD[FEAR] - 0.08 * MOOD[SAD] + 0.10 * MOOD[HAPPY]);
    float t = clamp((top - at.y) / max(top - shoulder_y, 0.1 * size), 0.0, 1.0), under = max(shoulder_y - at.y, 0.0);
    float axis = mix(crown.x, middle.x, smoothstep(0.2, 1.0, t));
    float w = mix(0.80 * size, half_width, t * t * (3.0 - 2.0 * t)) + 0.22 * under + mix(0.85, 0.30, MOOD[FEAR]) * under * under;
    float cloak = max((abs(at.x - axis) - w) * 0.72, at.y - top);
    float form = smooth_union(hood, cloak, 0.32 * size);
    for (int side = 0; side < 2; side++) {
        vec2 shoulder = side == 0 ? left : right;
        vec4 elbow = u_joints[j + LEFT_ELBOW + side], wrist = u_joints[j + LEFT_WRIST + side];
        float upper = min(u_joints[j + LEFT_SHOULDER + side].w, elbow.w), lower = min(upper, wrist.w);
        vec2 reach = mix(shoulder, elbow.xy, upper);
        if (upper > 0.05) form = smooth_union(form, capsule2(at, shoulder - vec2(0.0, 0.3 * size), reach, 0.50 * size, 0.36 * size), 0.40 * size);
        if (lower > 0.05) form = smooth_union(form, capsule2(at, elbow.xy, mix(elbow.xy, wrist.xy, lower), 0.36 * size, 0.16 * size), 0.25 * size);
    }
    // What breaks the outline: shards, or clots.
    vec2 round_it = at - vec2(middle.x, shoulder_y - 0.4 * size);
    float angle = atan(round_it.x, round_it.y);
    if (MOOD[ANGRY] > 0.01) {
        float a = angle * 4.2 + 0.5, i = floor(a), lot = hash11(i + 40.0), spike = max(1.0 - abs(fract(a) - 0.5 - 0.3 * (lot - 0.5)) * 2.6, 0.0);
        float b = angle * 9.0 + 0.2, fine = max(1.0 - abs(fract(b) - 0.5) * 2.4, 0.0) * hash11(floor(b) + 9.0);
        form -= MOOD[ANGRY] * size * (spike * (0.25 + 1.0 * lot * lot) + 0.25 * fine - 0.12) * smoothstep(2.4, 1.2, abs(angle)) * 0.75;
    }
    form -= MOOD[DISGUST] * size * 0.34 * (abs(sin(3.3 * angle + 0.8)) * abs(cos(1.7 * angle + 0.4)) - 0.25 + 0.35 * abs(sin(6.1 * angle + 1.3 * sin(angle * 2.0))));
    float cap = 0.93 * size * sqrt(max(1.0 - q.y * q.y * 0.78, 0.0));
    it.wide = max(max(cap, w * smoothstep(0.0, 0.25, t)), 0.05 * size) * k;
    it.across = (at.x - axis) * k / it.wide;
    it.form = form * k;
    it.size = size * k;
    it.face = (q - vec2(0.42 * sin(turn.x), 0.36 * sin(turn.y) - 0.10)) / 0.90;
    it.down = (crown.y - at.y) / size;
    return it;
}
