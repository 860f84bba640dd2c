// features, brow_line, bell: the relief of a face, how high on it the brows are, and the bell it is made of; Expression: what it shows. Needs nothing. q: x from ear to ear about [-0.75, 0.75],
// y from chin -1 to crown 1; the expression as in u_face: up (brow inner, brow outer, brow down, asymmetry), lids (closed on the
// screen's left, right, wide, squint), mouth (jaw open, smile, frown, pucker), more (stretched, sneer, gaze x, gaze y).
// Range: about -0.3 to 0.35, in half heights of the head; 0 away from the features. Idea: few lumps and hollows, as in old stone: brow and nose are
// one sweep, crisp below and soft above; lids lie over a ball; lips are almonds.
struct Expression { vec4 brow, lids, mouth, more; };
float bell(float x) { return exp(-x * x); }
float brow_line(vec2 q, Expression e) {
    float t = clamp((abs(q.x) - 0.06) / 0.44, 0.0, 1.3);
    return 0.165 + mix(0.15 * e.brow.x, 0.14 * e.brow.y, min(t, 1.0)) - mix(0.16, 0.0, min(t, 1.0)) * e.brow.z + clamp(8.0 * q.x, -1.0, 1.0) * e.brow.w * 0.06 - 0.20 * (t - 0.45) * (t - 0.45);
}
float features(vec2 q, Expression e) {
    float side = q.x < 0.0 ? -1.0 : 1.0, ax = abs(q.x), over = q.y - brow_line(q, e);
    // Brows: a ledge, steep to the eye; inner and outer ends rise by themselves; drawn down they close in and stand out.
    float brow = (0.058 + 0.05 * e.brow.z) * bell(over / (over > 0.0 ? 0.17 : 0.055)) * smoothstep(0.68, 0.38, ax);
    // Between the brows: creases when they are drawn together; on the forehead when their inner ends rise.
    brow -= 0.05 * e.brow.z * bell((ax - 0.05) / 0.022) * bell((q.y - 0.17) / 0.09);
    brow += 0.014 * e.brow.x * sin(46.0 * (q.y + 0.25 * ax * ax)) * bell((q.y - 0.44) / 0.12) * bell(q.x / 0.26);
    // A ball in its socket, lids over it, a crease over the lid; between the lids a drilled pupil.
    float wide = 1.0 + 0.45 * e.lids.z - 0.30 * e.lids.w, ex = (ax - 0.275) / 0.150, ey = q.y - 0.005, arch = max(1.0 - ex * ex, 0.0);
    float socket = -0.115 * bell((ax - 0.27) / 0.20) * bell(ey / 0.125) - 0.06 * bell((ax - 0.115) / 0.065) * bell((q.y - 0.03) / 0.085);
    float from = ex * ex + ey * ey / 0.0121, ball = 0.105 * exp(-from * from * 0.8);
    float closed = side < 0.0 ? e.lids.x : e.lids.y, opened = 1.0 - closed, under = -0.034 * arch, above = mix(under, 0.052 * wide * arch, opened);
    float between = smoothstep(-0.006, 0.012, above - ey) * smoothstep(-0.008, 0.012, ey - under) * arch;
    float lid = -0.024 * between * smoothstep(0.1, 0.35, opened) - 0.030 * bell((ey - above) / 0.013) * sqrt(arch) * (1.0 - 0.4 * opened) - 0.020 * bell((ey - above - 0.050) / 0.014) * arch;
    lid -= 0.055 * between * opened * bell(length(vec2(ax - 0.275 - 0.035 * e.more.z * side, ey - 0.014 - 0.02 * e.more.w)) / 0.034);
    // The nose: a ridge with planes beside it, a round tip, wings.
    float down = clamp((0.14 - q.y) / 0.52, 0.0, 1.0), half_nose = mix(0.040, 0.064, down * down);
    float nose = (0.035 + 0.20 * down) * smoothstep(half_nose * 2.5, half_nose * 0.2, ax) * smoothstep(0.30, 0.05, q.y) * smoothstep(-0.475, -0.365, q.y);
    nose += 0.055 * bell(length(vec2(q.x / 0.075, (q.y + 0.345) / 0.075))) + 0.075 * bell((ax - 0.108) / 0.042) * bell((q.y + 0.372 - 0.03 * e.more.y) / 0.052);
    nose -= 0.035 * bell((ax - 0.055) / 0.026) * bell((q.y + 0.432) / 0.022);
    nose += 0.012 * e.more.y * sin(q.y * 75.0) * bell((q.y + 0.08) / 0.10) * bell(ax / 0.13);
    // Cheek bones, a hollow under them, the furrow from the nose to the mouth's corner.
    float cheek = 0.062 * bell((ax - 0.41) / 0.17) * bell((q.y + 0.19 - 0.06 * e.mouth.y) / 0.15) * (1.0 + 0.7 * e.mouth.y) - 0.030 * bell((ax - 0.43) / 0.13) * bell((q.y + 0.50) / 0.15) * (1.0 - e.mouth.y);
    float furrow = -0.045 * (0.08 + 0.8 * e.mouth.y + 0.9 * e.more.y) * bell((ax - 0.175 - 0.30 * (-0.40 - q.y)) / 0.032) * bell((q.y + 0.49) / 0.11);
    // The mouth: a sneer lifts one side of the upper lip.
    float half_wide = 0.205 * (1.0 + 0.36 * e.mouth.y + 0.24 * e.more.x - 0.45 * e.mouth.w - 0.22 * e.mouth.x);
    float mx = ax / half_wide, lens = sqrt(max(1.0 - mx * mx, 0.0)), curve = (e.mouth.y - 1.15 * e.mouth.z) * 0.115 * min(mx * mx, 1.6), lifted = 0.05 * e.more.y * smoothstep(-0.2, 0.9, q.x / half_wide) * lens;
    float my = q.y + 0.60 + 0.05 * e.mouth.x - curve, gape = 0.21 * e.mouth.x * lens;
    float bow = 0.014 * bell((ax - 0.055) / 0.045) - 0.010 * bell(q.x / 0.026), up_by = my - 0.034 * lens - 0.55 * gape - bow - lifted, low_by = my + 0.050 * lens + gape;
    float lips = 0.056 * lens * (bell(up_by / (0.014 + 0.024 * lens)) + 1.15 * bell(low_by / (0.016 + 0.032 * lens)));
    float mouth = -0.055 * bell((my - 0.4 * lifted) / 0.017) * smoothstep(1.20, 0.80, mx) * smoothstep(0.05, 0.0, gape) - 0.26 * smoothstep(-0.015, 0.035, gape + lifted - abs(my + 0.20 * gape - 0.5 * lifted)) * smoothstep(0.02, 0.08, gape + lifted);
    mouth -= 0.020 * bell((mx - 1.06) / 0.20) * bell(my / 0.045) + 0.014 * bell(q.x / 0.024) * bell((q.y + 0.50) / 0.045);
    float lower = 0.13 * e.mouth.x;
    float chin = 0.080 * bell(q.x / 0.19) * bell((q.y + 0.895 + lower) / 0.125) - 0.048 * bell(q.x / 0.20) * bell((q.y + 0.755 + lower) / 0.05);
    float temple = -0.045 * bell((ax - 0.62) / 0.12) * bell((q.y - 0.25) / 0.2);
    return brow + socket + ball + lid + nose + cheek + furrow + lips + mouth + chin + temple;
}
