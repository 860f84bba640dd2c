// tears: paint that runs down from the eyes in thin, wet lines. Needs the sitter's numbers that portrait_head.vert gives (v_eyes: both eyes'
// x and their y in half heads). h: from the head's middle in half heads. Range: x how far a run covers [0, 1], y which side of it [-1, 1].
// Idea: two unequal runs from each eye, which waver, grow and end in a drop.
vec2 tears(vec2 h) {
    vec2 found = vec2(0.0);
    for (int i = 0; i < 4; i++) {
        float lot = fract(float(i) * 0.618 + 0.37), side = i < 2 ? v_eyes.x : v_eyes.y;
        float x = side + (fract(float(i) * 0.414) - 0.5) * 0.16, away = h.x - x - 0.014 * sin(h.y * 6.0 + float(i) * 2.1);
        float reach = (0.30 + 0.55 * lot) * (0.80 + 0.20 * sin(0.21 * u_phase + float(i) * 1.7)), down = v_eyes.z - h.y;
        float wide = mix(0.011, 0.017, lot) * (0.8 + 0.4 * smoothstep(0.0, reach, down));
        float run = smoothstep(wide, wide * 0.3, abs(away)) * smoothstep(0.0, 0.10, down) * smoothstep(reach, reach - 0.03, down);
        run = max(run * (0.35 + 0.65 * smoothstep(0.0, reach, down)), smoothstep(1.0, 0.6, length(vec2(away, (down - reach) * 0.6) / (wide * 1.5))));
        if (run > found.x) found = vec2(run, away / wide);
    }
    return found;
}
