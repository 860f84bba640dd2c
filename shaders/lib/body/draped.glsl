// draped, draped_reach: a visitor under a veil: one line runs from the hood over the shoulders to the hem, arms lift it.
// Needs lib/frame, form/moods, body/reframed, body/posed_arm, sdf/smooth_union, sdf/along_segment. p in scene units. who: 0 to u_people - 1.
// Gives edge: distance to the outline in scene units, negative inside; across: -1 at its left border, 1 at its right; down: below the
// head's middle in head half heights; face: place in the face; there: 1, falling to 0 where a slope without a hem is lost in the night. draped_reach: how far to each side of the head it goes. Range: scene units, exact enough near the edge.
// Idea: a hood, a slope and two sleeves; where only a face is seen the slope runs out of the picture, where feet are known it has a hem.
struct Draped { float edge; float across; float down; vec2 face; float there; };
float sleeve(vec2 p, vec4 a, vec4 b, float thick, float thin) {
    float along = along_segment(p, a.xy, b.xy), seen = smoothstep(0.15, 0.6, mix(a.w, b.w, along)) * smoothstep(0.05, 0.4, b.w);
    return distance(p, mix(a.xy, b.xy, along)) - mix(thick, thin, along) * seen + (1.0 - seen);
}
// How far a figure's feet are known, so that its cloak has a hem.
float hemmed(Reframed r, vec4 one, vec4 other) { return smoothstep(0.2, 0.6, min(one.w, other.w)) * (1.0 - r.bust); }
// A slope that runs out of the picture goes so far to each side, in half heads.
const float SLOPE = 6.0;
float draped_reach(int who, Reframed r, float mood[7]) {
    vec4 left = reframed_joint(r, who, LEFT_SHOULDER), right = reframed_joint(r, who, RIGHT_SHOULDER), elbow, wrist;
    float hem = hemmed(r, reframed_joint(r, who, LEFT_ANKLE), reframed_joint(r, who, RIGHT_ANKLE));
    float reach = max(mix(SLOPE + 0.6, 3.4, hem) * r.half_head, 1.7 * max(abs(left.x - r.head.x), abs(right.x - r.head.x)));
    for (int side = 0; side < 2; side++) {
        posed_arm(r, who, mood, side, side == 0 ? left : right, side == 0 ? right : left, elbow, wrist);
        vec2 away = abs(vec2(elbow.x, wrist.x) - r.head.x) * step(0.1, vec2(elbow.w, wrist.w));
        reach = max(reach, max(away.x, away.y) + 0.6 * r.half_head);
    }
    return reach;
}
Draped draped(vec2 p, int who, Reframed r, float mood[7]) {
    Draped it;
    float H = r.half_head, fear = mood[FEAR], sad = mood[SAD];
    vec2 crown = r.head + H * vec2(0.22 * sad, -0.36 * sad - 0.40 * fear - 0.10 * mood[DISGUST] + 0.08 * (mood[HAPPY] + mood[SURPRISE]));
    float roll = u_turn[who].z + 0.20 * sad, c = cos(roll), s = sin(roll);
    vec2 q = mat2(c, s, -s, c) * (p - crown) / H;
    float narrow = 0.92 - (0.10 + 0.12 * sad + 0.16 * fear) * smoothstep(-0.1, 1.2, q.y);
    float hood = (length(q * vec2(1.0 / narrow, 0.87)) - 1.0) * 0.86 * H;
    vec4 left = reframed_joint(r, who, LEFT_SHOULDER), right = reframed_joint(r, who, RIGHT_SHOULDER);
    vec4 one = reframed_joint(r, who, LEFT_ANKLE), other = reframed_joint(r, who, RIGHT_ANKLE);
    vec2 middle = 0.5 * (left.xy + right.xy);
    float shoulder_y = min(middle.y, crown.y - 1.25 * H) + H * (0.12 + 0.35 * fear), top = crown.y + 0.25 * H;
    float half_width = max(0.5 * distance(left.xy, right.xy) + 0.20 * H, 1.30 * H) * (1.0 - 0.25 * fear - 0.06 * sad);
    float t = clamp((top - p.y) / max(top - shoulder_y, 0.1 * H), 0.0, 1.0), under = max(shoulder_y - p.y, 0.0);
    float known = hemmed(r, one, other), feet = mix(-4.0, min(one.y, other.y) - 0.2 * H, known);
    float axis = mix(crown.x, middle.x, smoothstep(0.2, 1.0, t));
    // A whole figure is slender to the knees, and wider at the hem.
    float waist = half_width * (1.0 - 0.30 * known * smoothstep(0.0, 2.5 * H, under)) + known * 0.30 * under * smoothstep(0.35, 1.0, under / max(shoulder_y - feet, H));
    float w = mix(0.78 * H, waist, t * t * (3.0 - 2.0 * t)) + (1.0 - known) * (0.16 * under + mix(0.06, 0.18, r.bust) * under * under / max(H, 0.05));
    w = min(w, mix(SLOPE * H, w, known));
    float cloak = max((abs(p.x - axis) - w) * 0.72, max(p.y - top, feet - p.y)), d = smooth_union(hood, cloak, 0.32 * H);
    for (int side = 0; side < 2; side++) {
        vec4 elbow, wrist, shoulder = side == 0 ? left : right;
        posed_arm(r, who, mood, side, shoulder, side == 0 ? right : left, elbow, wrist);
        float arm = smooth_union(sleeve(p, shoulder - vec4(0.0, 0.2 * H, 0.0, 0.0), elbow, 0.55 * H, 0.44 * H), sleeve(p, elbow, wrist, 0.46 * H, 0.18 * H), 0.2 * H);
        d = smooth_union(d, arm, 0.5 * H);
    }
    it.edge = d;
    it.across = clamp((p.x - axis) / max(max(0.92 * H * sqrt(max(1.0 - 0.76 * q.y * q.y, 0.0)), w * smoothstep(0.0, 0.25, t)), 0.05 * H), -1.3, 1.3);
    it.down = (crown.y - p.y) / H;
    it.there = mix(smoothstep(11.0, 4.0, it.down), 1.0, known);
    it.face = (q - vec2(0.40, 0.34) * sin(u_turn[who].xy) * u_seen[who].y + vec2(0.0, 0.08)) / 0.90;
    return it;
}
