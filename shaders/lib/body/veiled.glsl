// veiled: the relief of a face under a thin veil of stone. Needs body/features, body/carving. q, e: as features takes them.
// Range: about -0.3 to 0.35, in half heights of the head; 0 away from the face. Idea: the lumps of a face without its edges, as wet cloth shows them:
// it lies close on brow, nose, cheeks and lips, spans the hollows between, and falls in folds from there; an open mouth draws it in.
float veiled(vec2 q, Expression e) {
    float ax = abs(q.x), over = q.y - brow_line(q, e);
    float brow = (0.056 + 0.055 * e.brow.z) * bell(over / (over > 0.0 ? 0.19 : 0.075)) * smoothstep(0.72, 0.34, ax) - 0.040 * e.brow.z * bell((ax - 0.05) / 0.030) * bell((q.y - 0.18) / 0.11);
    float closed = q.x < 0.0 ? e.lids.x : e.lids.y, ex = (ax - 0.275) / 0.165, arch = max(1.0 - ex * ex, 0.0), ey = q.y + 0.005;
    float from = ex * ex + ey * ey / (0.0135 + 0.006 * e.lids.z);
    float eye = -0.120 * bell((ax - 0.26) / 0.20) * bell(ey / 0.15) - 0.045 * bell((ax - 0.115) / 0.06) * bell((q.y - 0.05) / 0.09) + (0.088 - 0.05 * e.lids.z) * exp(-0.8 * from * from);
    // Where the lids meet, low on a shut eye, and the rim of one that is wide open.
    eye -= 0.030 * (0.35 + 0.65 * closed) * (1.0 - 0.8 * e.lids.z) * bell((ey + mix(0.020, 0.052, closed) * arch) / 0.017) * sqrt(arch) + 0.018 * (1.0 - closed) * bell((ey - (0.045 + 0.03 * e.lids.z) * arch) / 0.017) * sqrt(arch);
    float down = clamp((0.16 - q.y) / 0.54, 0.0, 1.0), half_nose = mix(0.040, 0.066, down * down);
    float nose = (0.040 + 0.205 * down) * smoothstep(half_nose * 2.7, half_nose * 0.1, ax) * smoothstep(0.34, 0.05, q.y) * smoothstep(-0.50, -0.365, q.y);
    nose += 0.040 * bell(length(vec2(q.x / 0.08, (q.y + 0.35) / 0.08))) + 0.045 * bell((ax - 0.105) / 0.045) * bell((q.y + 0.375) / 0.055);
    float cheek = 0.058 * bell((ax - 0.40) / 0.18) * bell((q.y + 0.19 - 0.07 * e.mouth.y) / 0.16) * (1.0 + 0.8 * e.mouth.y) - 0.036 * bell((ax - 0.43) / 0.14) * bell((q.y + 0.52) / 0.16) * (1.0 - e.mouth.y);
    float furrow = -0.036 * (0.10 + 0.7 * e.mouth.y + 0.8 * e.more.y) * bell((ax - 0.175 - 0.30 * (-0.40 - q.y)) / 0.040) * bell((q.y + 0.50) / 0.12);
    float half_wide = 0.21 * (1.0 + 0.40 * e.mouth.y + 0.24 * e.more.x - 0.34 * e.mouth.w - 0.10 * e.mouth.x), mx = ax / half_wide, lens = sqrt(max(1.0 - mx * mx, 0.0));
    float my = q.y + 0.60 + 0.05 * e.mouth.x - (e.mouth.y - 0.80 * e.mouth.z) * 0.115 * min(mx * mx, 1.6), gape = 0.20 * e.mouth.x * lens;
    float up_by = my - 0.034 * lens - 0.5 * gape - 0.012 * bell((ax - 0.055) / 0.05), low_by = my + 0.046 * lens + gape;
    float mouth = 0.052 * lens * (1.0 - 0.92 * smoothstep(0.15, 0.6, e.mouth.x)) * (1.0 - 0.25 * e.mouth.y) * (bell(up_by / (0.016 + 0.026 * lens)) + 1.15 * bell(low_by / (0.020 + 0.034 * lens)));
    mouth -= 0.034 * bell(my / 0.020) * smoothstep(1.25, 0.70, mx) * smoothstep(0.07, 0.0, gape) + 0.19 * smoothstep(-0.07, 0.11, 0.8 * gape - abs(my + 0.55 * gape)) * smoothstep(0.0, 0.09, gape) + 0.020 * bell((mx - 1.06) / 0.22) * bell(my / 0.05);
    float lower = 0.13 * e.mouth.x, chin = 0.085 * bell(q.x / 0.19) * bell((q.y + 0.895 + lower) / 0.13) - 0.046 * bell(q.x / 0.20) * bell((q.y + 0.755 + lower) / 0.055);
    // Folds: slack at the sides, where they hang from the temples; the face itself is smooth.
    float x = q.x + 0.06 * sin(2.6 * q.y + 1.0) + 0.025 * sin(6.1 * q.y + 4.0 * q.x), slack = smoothstep(0.46, 0.70, ax);
    float fold = 0.075 * slack * (fold_ridge(3.7 * x + 0.2) - 0.4);
    return brow + eye + nose + cheek + furrow + mouth + chin + fold;
}
