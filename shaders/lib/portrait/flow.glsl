// Flow, ground_flow, add_robe, flow_back, add_flow, add_round: the way the brush goes at a place. Needs lib/frame, form/moods, and v_shares, the
// moods'. place: where strokes are laid
// out side by side, along x; turn: how that lies and by what it is scaled, as a complex number. Range: places in units of the picture, a
// head's height about 0.8. Idea: the strokes' places are a complex function of the picture's, f(z), and a weighted sum of such
// functions is one again: falling strokes, slashes, rings, rays and a whirl all blend without shearing a stroke. Its derivative gives
// the way back from a stroke's middle to where that lies in the picture.
struct Flow { vec2 place, turn; };
vec2 times(vec2 a, vec2 b) { return vec2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
vec2 over(vec2 a, vec2 b) { return times(a, vec2(b.x, -b.y)) / dot(b, b); }
vec2 whole_log(vec2 z) { return vec2(0.5 * log(max(dot(z, z), 1e-4)), atan(z.x, -z.y)); }
void add_flow(inout Flow flow, vec2 z, vec2 factor) {
    flow.place += times(factor, z);
    flow.turn += factor;
}
// Round a middle; the seam is under it, where the figure stands.
void add_round(inout Flow flow, vec2 z, vec2 factor) {
    flow.place += times(factor, whole_log(z));
    // The angle is counted from straight down: that only adds a constant.
    flow.turn += over(factor, dot(z, z) < 1e-4 ? vec2(1e-2, 0.0) : z);
}
Flow ground_flow(vec2 p, vec2 head) {
    Flow flow = Flow(vec2(0.0), vec2(0.0));
    vec2 level = v_shares[NEUTRAL] * vec2(0.94, -0.34) + v_shares[SAD] * vec2(0.05, 0.99) + v_shares[ANGRY] * vec2(0.80, -0.60) + v_shares[FEAR] * vec2(0.42, 0.90);
    vec2 whorl = 0.85 * (v_shares[HAPPY] * vec2(1.0, 0.0) + v_shares[SURPRISE] * vec2(0.0, -1.0)) + v_shares[DISGUST] * vec2(0.36, -0.70);
    vec2 middle = mix(head, vec2(0.85, 0.45), v_shares[DISGUST]);
    add_flow(flow, p - middle, level);
    add_round(flow, p - middle, whorl);
    return flow;
}
// A robe is thrown round the shoulders like a shawl, or falls. neck: x, y of one sitter's; tall: half that one's head.
void add_robe(inout Flow flow, vec2 p, vec2 neck, float tall) {
    float thrown = min(v_shares[NEUTRAL] + v_shares[HAPPY] + v_shares[SURPRISE] + 1.15 * v_shares[ANGRY] + 0.5 * v_shares[DISGUST], 1.15);
    add_round(flow, p - neck, 1.6 * tall * mix(vec2(1.0, 0.0), vec2(0.62, -0.80), thrown));
}
// A way in strokes' places as one in the picture.
vec2 flow_back(Flow flow, vec2 way) { return over(way, flow.turn); }
