// Back, back_of, back_width, back_at: somebody seen from behind: skull, neck, shoulders that slope, a coat with a waist, and under its hem two legs. Needs lib/frame,
// form/moods, body/reframed, land/mountain. hem, deep: where the coat and the feet end; hood: how far a hood hangs over head and neck, [0, 1]. t: across, -1 at the left outline to 1 at the right; d: below the crown in
// head half heights. Range: back_width in head half heights, [0, 4]; back_at scene units. Idea: the measures of a figure of seven and a half heads: nape at 1.6, shoulders at 2.6, waist at 5.3, knee at 10.6.
struct Back { Mountain m; float deep; float hem; float hood; float whole; };
Back back_of(int who) {
    Back b;
    b.m = mountain(who);
    // Who is not seen down to the feet wears a coat that does not end in the picture.
    b.whole = smoothstep(2.1, 2.8, u_seen[who].x);
    b.deep = max((b.m.crown.y - mix(min(b.m.foot, -1.15), b.m.foot, b.whole)) / b.m.size, 6.0);
    b.hem = mix(b.deep + 0.6, 1.9 + (b.deep - 1.9) * mix(0.78, 0.95, clamp(MOOD[SAD] + MOOD[FEAR], 0.0, 1.0)), b.whole);
    b.hood = smoothstep(0.3, 0.7, MOOD[SAD]);
    return b;
}
float back_width(Back b, float d) {
    float q = (d - 0.86) / 0.88, skull = 0.72 * sqrt(max(1.0 - q * q, 0.0)), up = 0.45 * MOOD[FEAR] + 0.12 * MOOD[ANGRY] + 0.10 * MOOD[SURPRISE] - 0.10 * MOOD[SAD];
    float u = clamp((d - 1.80 + up) / 1.12, 0.0, 1.0), slope = 1.0 - pow(1.0 - u, 2.1), wide = b.m.shoulders * (0.96 + 0.05 * MOOD[ANGRY]);
    float neck = 0.36 + 0.06 * smoothstep(1.5, 1.9, d);
    // Down from the shoulders: narrower to the waist, out to the hips, and the coat's skirt.
    float waist = wide * (1.0 - 0.27 * exp(-pow((d - 5.3) / 1.4, 2.0)) - 0.13 * smoothstep(3.0, 6.5, d)), skirt = max(d - 6.4, 0.0) / max(b.hem - 6.4, 2.0);
    float coat = mix(mix(waist, wide * 0.86, 0.7 * MOOD[FEAR]), wide * (1.0 + 0.02 * max(d - 3.0, 0.0)), 0.85 * b.hood) + (0.30 + 0.45 * MOOD[HAPPY] + 0.25 * MOOD[SURPRISE]) * skirt * skirt * b.whole;
    float body = (neck + (coat - neck) * slope) * smoothstep(0.85, 1.2, d), k = 0.16, h = clamp(0.5 + 0.5 * (skull - body) / k, 0.0, 1.0);
    float bare = mix(body, skull, h) + k * h * (1.0 - h) * smoothstep(0.6, 1.4, d);
    // A hood comes to a soft peak, hangs over the neck and lies on the shoulders.
    float top = min(d / 1.25, 1.0), hangs = 0.90 * pow(top * (2.0 - top), 0.55) - 0.12 * smoothstep(1.1, 1.9, d) + 0.5 * smoothstep(1.9, 2.7, d);
    return mix(bare, max(hangs, bare), b.hood);
}
vec2 back_at(Back b, float t, float d) {
    float low = smoothstep(1.3, 2.6, d), wide = back_width(b, d) * b.m.size * t, s = sin(b.m.roll), c = cos(b.m.roll);
    // The head turns about the neck; shoulders stay.
    vec2 from = vec2(wide, (1.9 - d) * b.m.size);
    vec2 bowed = b.m.crown - vec2(0.0, 1.9 * b.m.size) + vec2(c * from.x + s * from.y, c * from.y - s * from.x);
    return mix(bowed, vec2(mix(b.m.crown.x, b.m.middle.x, low) + wide, b.m.crown.y - d * b.m.size), low);
}
