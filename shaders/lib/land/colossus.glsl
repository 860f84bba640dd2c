// colossus, colossus_scale, body_at: a visitor as a mountain: distance to the outline of head, neck, shoulders and raised arms over a
// slope that widens to the ground, < 0 inside; in ledges the height of the face's brows, nose, eyes and mouth. Needs lib/frame,
// sdf/smooth_union, form/moods. at: scene units.
// Range: scene units; ledges about -0.3 to 0.3 (times the head's half height). Idea: one outline of few parts joined softly, so that it
// is read at once as somebody and still as rock; the face lives by the visitor's expression and turns with the head.
float capsule2(vec2 p, vec2 a, vec2 b, float ra, float rb) {
    vec2 pa = p - a, ba = b - a;
    float h = clamp(dot(pa, ba) / max(dot(ba, ba), 1e-6), 0.0, 1.0);
    return length(pa - ba * h) - mix(ra, rb, h);
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
    float k = min(1.0, 0.33 / max(size, 0.05));
    to = vec2(from.x, mix(from.y, 0.27 + 0.30 * (from.y - 0.1), smoothstep(1.0, 0.7, k)));
    return k;
}
float colossus(vec2 at, out float ledges, out float size) {
    vec2 seen, stands;
    float k = colossus_scale(seen, stands);
    at = seen + (at - stands) / k;
    // It stands as the mood stands: thrust aside, bowed, drawn in.
    at.x -= 0.24 * MOOD[ANGRY] * (at.y - seen.y + 0.6) + 0.035 * MOOD[DISGUST] * sin(9.0 * (at.y - seen.y));
    int j = u_shape * JOINTS;
    vec2 chest = body_at(CHEST, vec2(0.0, 0.02)), left = body_at(LEFT_SHOULDER, vec2(-0.17, 0.10)), right = body_at(RIGHT_SHOULDER, vec2(0.17, 0.10));
    vec4 turn = u_turn[u_shape];
    size = mix(max(0.30 * length(left - right), 0.07), u_seen[u_shape].z, u_seen[u_shape].w);
    vec2 crown = seen;
    crown += size * vec2(0.22 * MOOD[SAD], -0.30 * MOOD[SAD] - 0.36 * MOOD[FEAR] - 0.15 * MOOD[ANGRY] - 0.15 * MOOD[DISGUST] + 0.12 * MOOD[HAPPY] + 0.12 * MOOD[SURPRISE]);
    float c = cos(turn.z), s = sin(turn.z);
    vec2 q = mat2(c, s, -s, c) * (at - crown) / size;
    float skull = (length(q * vec2(1.0 / (0.78 - 0.22 * smoothstep(0.1, -1.0, q.y)), 1.0)) - 1.0) * 0.85 * size;
    // The neck is thick, and its muscles run down to the shoulders: no head on a stick.
    float form = smooth_union(skull, capsule2(at, crown - vec2(0.0, 0.45 * size), chest, 0.56 * size, 0.80 * size), 0.20 * size);
    vec2 nape = mix(crown, chest, 0.45);
    for (int side = 0; side < 2; side++) {
        vec2 shoulder = side == 0 ? left : right;
        form = smooth_union(form, capsule2(at, nape, shoulder - vec2(0.0, 0.30 * size), 0.52 * size, 0.46 * size), 0.30 * size);
    }
    // Below the shoulders the mountain's slope, which flares to the ground.
    float half_width = 0.5 * abs(left.x - right.x) + 0.10 * size, under = 0.5 * (left.y + right.y) - 0.35 * size - at.y, fall = max(under, 0.0);
    half_width = half_width * (1.0 - 0.25 * MOOD[FEAR]) + 0.16 * fall + mix(0.70, 0.25, MOOD[FEAR]) * fall * fall;
    float slope = max((abs(at.x - 0.5 * (left.x + right.x)) - half_width) * 0.75, -under - 0.1 * size);
    form = smooth_union(form, slope, 0.45 * size);
    for (int side = 0; side < 2; side++) {
        vec2 shoulder = side == 0 ? left : right;
        vec4 elbow = u_joints[j + LEFT_ELBOW + side], wrist = u_joints[j + LEFT_WRIST + side];
        float upper = min(u_joints[j + LEFT_SHOULDER + side].w, elbow.w), lower = min(upper, wrist.w);
        if (upper > 0.05) form = smooth_union(form, capsule2(at, shoulder - vec2(0.0, 0.3 * size), mix(shoulder, elbow.xy, upper), 0.36 * size, 0.27 * size), 0.2 * size);
        if (lower > 0.05) form = smooth_union(form, capsule2(at, elbow.xy, mix(elbow.xy, wrist.xy, lower), 0.27 * size, 0.17 * size), 0.12 * size);
    }
    // The face.
    vec4 brows = u_expression[u_shape * 4], eyes = u_expression[u_shape * 4 + 1], mouth = u_expression[u_shape * 4 + 2];
    vec2 f = q - vec2(0.55 * sin(turn.x), 0.45 * sin(turn.y));
    ledges = 0.0;
    float ax = abs(f.x), brow_y = 0.16 + 0.10 * max(brows.x, brows.y) - 0.07 * brows.z + 0.16 * (ax - 0.28) * (brows.z - brows.x);
    float brow = exp(-90.0 * (f.y - brow_y) * (f.y - brow_y)) * smoothstep(0.66, 0.45, ax);
    vec2 e = vec2(ax - 0.30, f.y + 0.04) / vec2(0.155, 0.115 - 0.07 * max(eyes.x, eyes.y) + 0.05 * eyes.z);
    float socket = exp(-dot(e, e)), nose = exp(-70.0 * f.x * f.x) * smoothstep(0.16, -0.28, f.y) * smoothstep(-0.42, -0.28, f.y);
    float lip_y = -0.56 + (1.0 * mouth.y * (1.0 - MOOD[SAD]) - 1.2 * mouth.z - 1.1 * MOOD[SAD]) * f.x * f.x - 0.06 * mouth.x, open = 0.035 + 0.10 * mouth.x;
    float lips = exp(-(f.y - lip_y) * (f.y - lip_y) / (open * open)) * smoothstep(0.36 + 0.10 * mouth.y - 0.14 * mouth.w, 0.14, ax);
    ledges = (0.13 * brow - 0.26 * socket + 0.20 * nose - 0.13 * lips + 0.10 * exp(-14.0 * (ax - 0.42) * (ax - 0.42) - 18.0 * (f.y + 0.28) * (f.y + 0.28)))
           * u_seen[u_shape].y * smoothstep(0.11, 0.24, size) * smoothstep(1.0, 0.8, length(q));
    size *= k;
    return form * k;
}
