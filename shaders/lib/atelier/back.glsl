// back_width, back_at: somebody in a long coat, seen from behind: head, neck, round shoulders, and a coat that widens to its hem. Needs lib/frame,
// form/moods, body/reframed, land/mountain. m: of mountain; t: across, -1 at the left outline to 1 at the right; d: below the crown in head half heights.
// Range: back_width in head half heights, [0, 4]; back_at scene units. Idea: a mountain's measures of the visitor with a person's outline.
float back_width(Mountain m, float d) {
    float q = (d - 1.02) / 1.04, head = 0.76 * sqrt(max(1.0 - q * q, 0.0));
    float neck = 0.40 + 0.25 * (MOOD[FEAR] + MOOD[DISGUST]) + 0.12 * MOOD[SAD], deep = (m.crown.y - m.foot) / m.size;
    deep = max(deep, 6.0);
    float u = clamp((d - 1.72 + 0.45 * MOOD[FEAR] - 0.10 * MOOD[SAD]) / (1.45 + 0.5 * MOOD[SAD]), 0.0, 1.0), round_it = 1.0 - (1.0 - u) * (1.0 - u);
    // Who is not seen down to the hem wears a coat that does not end in the picture.
    float hem = mix(0.15, 1.0, smoothstep(2.1, 2.8, u_seen[u_shape].x));
    float low = max(d - 2.9, 0.0), share = low / max(deep - 2.9, 1.0);
    float coat = m.shoulders * (1.0 - 0.24 * exp(-pow((d - 5.6) / 1.5, 2.0)) * (1.0 - MOOD[FEAR])) + hem * (0.10 * low + (0.95 + 0.35 * MOOD[HAPPY]) * share * share);
    float body = (neck + (coat - neck) * round_it) * smoothstep(1.0, 1.55, d);
    float k = 0.14, h = clamp(0.5 + 0.5 * (head - body) / k, 0.0, 1.0);
    return mix(body, head, h) + k * h * (1.0 - h) * smoothstep(0.6, 1.4, d);
}
vec2 back_at(Mountain m, float t, float d) {
    float low = smoothstep(1.5, 2.9, d), wide = back_width(m, d) * m.size * t, s = sin(m.roll), c = cos(m.roll);
    // The head turns about the neck; shoulders stay.
    vec2 from = vec2(wide, (2.0 - d) * m.size);
    vec2 bowed = m.crown - vec2(0.0, 2.0 * m.size) + vec2(c * from.x + s * from.y, c * from.y - s * from.x);
    return mix(bowed, vec2(mix(m.crown.x, m.middle.x, low) + wide, m.crown.y - d * m.size), low);
}
