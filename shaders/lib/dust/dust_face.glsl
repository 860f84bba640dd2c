// dust_relief, dust_lines: a face of dust: its soft relief, and what is drawn on it in finer tones. Needs body/features (Expression, bell, brow_line).
// q: as in body/features; e: the expression. dust_relief gives the height in head half heights, about [-0.12, 0.22]; dust_lines x: how dark it is there [0, 1], y: light of its
// own in an open eye [0, 1], z: lips and lids that catch light [0, 1].
// Idea: a charcoal drawing: the form is modelled softly and no lump stands out; lashes, brows and the line of the mouth are a few fine strokes.
float dust_relief(vec2 q, Expression e) {
    float ax = abs(q.x), down = clamp((0.20 - q.y) / 0.55, 0.0, 1.0), over = q.y - brow_line(q, e);
    float brow = (0.040 + 0.035 * e.brow.z) * bell(over / (over > 0.0 ? 0.22 : 0.10)) * smoothstep(0.70, 0.30, ax);
    float socket = -0.085 * bell((ax - 0.26) / 0.19) * bell((q.y - 0.01) / 0.13) + 0.045 * bell(length(vec2((ax - 0.27) / 0.13, (q.y + 0.005) / 0.085)));
    float nose = (0.02 + 0.16 * down) * bell(q.x / mix(0.075, 0.115, down)) * smoothstep(0.34, 0.05, q.y) * smoothstep(-0.47, -0.33, q.y);
    float cheek = 0.055 * bell((ax - 0.40) / 0.19) * bell((q.y + 0.20 - 0.07 * e.mouth.y) / 0.19) * (1.0 + 0.8 * e.mouth.y);
    float lips = 0.045 * bell(q.x / 0.20) * bell((q.y + 0.61) / 0.13), chin = 0.055 * bell(q.x / 0.20) * bell((q.y + 0.90) / 0.13);
    return brow + socket + nose + cheek + lips + chin - 0.045 * bell((ax - 0.60) / 0.16) * bell((q.y - 0.22) / 0.24);
}
vec3 dust_lines(vec2 q, Expression e) {
    float side = q.x < 0.0 ? -1.0 : 1.0, ax = abs(q.x), closed = side < 0.0 ? e.lids.x : e.lids.y;
    // Brows: a stroke that thins outwards.
    float over = q.y - brow_line(q, e), t = clamp((ax - 0.08) / 0.42, 0.0, 1.0);
    float dark = 0.62 * bell(over / mix(0.036, 0.018, t)) * smoothstep(0.04, 0.12, ax) * smoothstep(0.54, 0.44, ax);
    dark = max(dark, 0.70 * e.brow.z * bell((ax - 0.050 - 0.1 * (q.y - 0.14)) / 0.016) * bell((q.y - 0.16) / 0.085));
    // Lids: two arcs; closed they lie upon each other, and lashes are one dark line that hangs.
    float ex = (ax - 0.270) / 0.150, arch = max(1.0 - ex * ex, 0.0), open = (1.0 - closed) * clamp(0.30 + 0.9 * e.lids.z + 0.30 * e.brow.z - 0.15 * e.lids.w, 0.0, 1.0);
    float slant = 0.10 * (ax - 0.27) * (e.brow.z - e.brow.x), ey = q.y + 0.010 - slant, under = -mix(0.052, 0.040, open) * arch, above = mix(under, 0.070 * arch, open);
    float within = smoothstep(-0.010, 0.010, above - ey) * smoothstep(-0.010, 0.010, ey - under) * smoothstep(0.0, 0.15, arch) * smoothstep(0.04, 0.2, open);
    vec2 iris = vec2(ax - 0.270 - 0.035 * e.more.z * side, ey - 0.012 - 0.03 * e.more.w);
    float lash = bell((ey - above) / (0.011 + 0.010 * arch)) * smoothstep(1.12, 0.85, abs(ex)), pupil = smoothstep(0.062, 0.046, length(iris));
    dark = max(dark, max(0.88 * lash, within * mix(0.35, 0.96, pupil)));
    dark = max(dark, 0.30 * bell((ey - above - 0.055) / 0.018) * arch + 0.16 * bell((ey - under + 0.055) / 0.024) * arch);
    float glint = within * (0.55 * bell(length(iris - vec2(-0.020 * 1.0, 0.020)) / 0.016) + 0.16 * (1.0 - pupil));
    // Under the tip of the nose, and its wings.
    dark = max(dark, 0.62 * bell((q.y + 0.405) / 0.030) * bell((ax - 0.055) / 0.040) + 0.26 * bell((q.y + 0.425) / 0.045) * bell(q.x / 0.11));
    dark = max(dark, 0.30 * bell((ax - 0.125) / 0.022) * bell((q.y + 0.355) / 0.05));
    dark = max(dark, (0.10 * e.mouth.y + 0.55 * e.more.y) * bell((ax - 0.165 - 0.34 * (-0.38 - q.y)) / 0.026) * bell((q.y + 0.47) / 0.10));
    dark = max(dark, 0.35 * e.more.y * (0.5 + 0.5 * sin(q.y * 75.0)) * bell((q.y - 0.04) / 0.09) * bell(ax / 0.09));
    // The mouth.
    float half_wide = 0.200 * (1.0 + 0.42 * e.mouth.y + 0.22 * e.more.x - 0.40 * e.mouth.w - 0.20 * e.mouth.x), mx = ax / half_wide, lens = sqrt(max(1.0 - mx * mx, 0.0));
    float lifted = 0.05 * e.more.y * smoothstep(-0.2, 0.9, q.x / half_wide) * lens, curve = (e.mouth.y - 1.1 * e.mouth.z) * 0.11 * min(mx * mx, 1.5), gape = 0.17 * e.mouth.x * lens;
    float my = q.y + 0.595 + 0.05 * e.mouth.x - curve, up_by = my - 0.55 * gape - lifted, low_by = my + gape;
    float bow = 0.030 * lens * (1.0 + 0.35 * bell((mx - 0.28) / 0.2) - 0.4 * bell(mx / 0.12));
    float upper = smoothstep(bow + 0.016, bow - 0.004, up_by) * smoothstep(-0.004, 0.008, up_by), lower = bell((low_by + 0.030 * lens) / (0.010 + 0.024 * lens)) * lens;
    float hole = smoothstep(-0.012, 0.012, min(-up_by, low_by)) * smoothstep(0.01, 0.04, gape + lifted), line = bell(up_by / 0.013) * smoothstep(1.18, 0.86, mx);
    dark = max(dark, max(0.95 * hole, max(0.82 * line * (1.0 - hole), 0.34 * upper * lens)));
    dark = max(dark, 0.35 * bell((low_by + 0.095) / 0.028) * bell(mx / 0.75) + 0.26 * bell((mx - 1.10) / 0.14) * bell(my / 0.04));
    return vec3(clamp(dark, 0.0, 1.0), glint, 0.7 * lower * (1.0 - hole) + 0.35 * bell((ey - 0.5 * (under + above) - 0.03) / 0.03) * arch * (1.0 - within));
}
