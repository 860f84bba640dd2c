// features: the relief of a face, and features_way, where on the face a place is. Needs nothing. q: x from ear to ear about [-0.75, 0.75],
// y from chin -1 to crown 1; the expression as in u_face: up (brow inner, brow outer, brow down, asymmetry), lids (closed on the
// screen's left, right, wide, squint), mouth (jaw open, smile, frown, pucker), more (stretched, sneer, gaze x, gaze y).
// Range: about -0.25 to 0.3, in half heights of the head; 0 away from the features. Idea: a sculptor's few lumps and hollows, each a bell.
struct Expression { vec4 brow, lids, mouth, more; };
float bell(float x) { return exp(-x * x); }
float features(vec2 q, Expression e) {
    float side = q.x < 0.0 ? -1.0 : 1.0, ax = abs(q.x);
    float up = side * e.brow.w * 0.06;
    float lower = 0.13 * e.mouth.x;
    // Brows: inner and outer ends rise by themselves; drawn down they close in and stand out.
    float t = clamp((ax - 0.08) / 0.42, 0.0, 1.2);
    float line = 0.17 + mix(0.15 * e.brow.x, 0.15 * e.brow.y, t) - mix(0.17, -0.01, t) * e.brow.z + up - 0.20 * (t - 0.42) * (t - 0.42);
    float brow = (0.066 + 0.06 * e.brow.z) * bell((q.y - line) / (q.y > line ? 0.095 : 0.065)) * smoothstep(0.66, 0.40, ax) * smoothstep(0.0, 0.16, ax + 0.10 * e.brow.z);
    // Between the brows: creases when they are drawn together.
    brow -= 0.07 * e.brow.z * bell((ax - 0.045) / 0.02) * bell((q.y - 0.16) / 0.10);
    brow += 0.030 * max(e.brow.x, 0.0) * sin(q.y * 60.0) * bell((q.y - 0.42) / 0.12) * bell(q.x / 0.30);
    float eye_y = 0.00, wide = 1.0 + 0.35 * e.lids.z - 0.25 * e.lids.w;
    float ex = (ax - 0.27) , ey = q.y - eye_y;
    float socket = -0.135 * bell(ex / 0.20) * bell(ey / (0.115 * wide)) - 0.05 * bell((ax - 0.12) / 0.07) * bell((q.y - 0.04) / 0.10);
    float ball = 0.105 * bell(ex / 0.125) * bell((ey + 0.01) / (0.070 * wide));
    // The slit between the lids, a hollow pupil where they are open.
    float closed = side < 0.0 ? e.lids.x : e.lids.y;
    float slit = ey - 0.012 + 0.9 * ex * ex;
    float lid = -0.035 * bell((slit - 0.035 * wide * (1.0 - closed)) / 0.014) * bell(ex / 0.13);
    float gaze = ax - 0.27 - 0.035 * e.more.z * side;
    lid -= 0.06 * (1.0 - closed) * bell(length(vec2(gaze, ey - 0.02 * e.more.w)) / (0.036 * wide));
    // The nose: a narrow bridge, a round tip, wings.
    float down = clamp((0.10 - q.y) / 0.52, 0.0, 1.0), width = mix(0.065, 0.105, down * down);
    float nose = (0.06 + 0.24 * down) * bell(q.x / width) * smoothstep(0.20, 0.02, q.y) * smoothstep(-0.495, -0.375, q.y);
    nose += 0.09 * bell((ax - 0.115) / 0.05) * bell((q.y + 0.385 - 0.03 * e.more.y) / 0.055);
    nose += 0.02 * e.more.y * sin(q.y * 75.0) * bell((q.y + 0.10) / 0.12) * bell(ax / 0.13);
    // Cheeks, and the furrow from the nose to the mouth's corner.
    float cheek = 0.075 * bell((ax - 0.40) / 0.17) * bell((q.y + 0.26 - 0.06 * e.mouth.y) / 0.17) * (1.0 + 0.9 * e.mouth.y);
    float furrow = -0.05 * (0.1 + e.mouth.y + 0.8 * e.more.y) * bell((ax - 0.19 - 0.30 * (-0.40 - q.y)) / 0.035) * bell((q.y + 0.50) / 0.11);
    // The mouth.
    float half_wide = 0.215 * (1.0 + 0.40 * e.mouth.y + 0.30 * e.more.x - 0.45 * e.mouth.w - 0.15 * e.mouth.x);
    float mx = ax / half_wide, curve = (e.mouth.y - 1.1 * e.mouth.z) * 0.13 * mx * mx;
    float my = q.y + 0.60 + 0.05 * e.mouth.x - curve, ends = smoothstep(1.25, 0.85, mx);
    float gape = 0.20 * e.mouth.x * sqrt(max(1.0 - mx * mx, 0.0));
    float lips = 0.056 * (bell((my - 0.048 - 0.55 * gape) / 0.042) + 1.1 * bell((my + 0.058 + gape) / 0.050)) * ends * (1.0 - 0.35 * mx * mx);
    float mouth = -0.045 * bell(my / 0.026) * smoothstep(1.35, 1.0, mx) - 0.26 * smoothstep(-0.02, 0.05, gape - abs(my + 0.20 * gape)) * smoothstep(0.02, 0.08, gape);
    mouth -= 0.03 * bell((mx - 1.12) / 0.16) * bell(my / 0.07);
    float chin = 0.085 * bell(q.x / 0.20) * bell((q.y + 0.90 + lower) / 0.13) - 0.05 * bell(q.x / 0.22) * bell((q.y + 0.765 + lower) / 0.05);
    float temple = -0.05 * bell((ax - 0.62) / 0.12) * bell((q.y - 0.25) / 0.2);
    return brow + socket + ball + lid + nose + cheek + furrow + lips + mouth + chin + temple;
}
