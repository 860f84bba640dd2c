// tears: paint that runs down from the eyes over the face and beyond it. Needs the sitter's numbers that portrait_head.vert gives (v_eyes: both eyes' x and their
// y in half heads). h: from the head's middle in half heads. Range: x how far a run covers [0, 1], y which side of it [-1, 1]. Idea: three
// runs of unequal length from each eye, which waver, grow and end in a drop.
vec2 tears(vec2 h) {
    vec2 found = vec2(0.0);
    float bile = v_shares[DISGUST];
    for (int i = 0; i < 6; i++) {
        float lot = fract(float(i) * 0.618 + 0.37), side = i < 3 ? v_eyes.x : v_eyes.y;
        float x = side + (fract(float(i) * 0.414) - 0.5) * 0.24, away = h.x - x - 0.016 * sin(h.y * 7.0 + float(i) * 2.1);
        float reach = (0.45 + 1.15 * lot * lot) * (0.80 + 0.20 * sin(0.21 * u_phase + float(i) * 1.7)), down = v_eyes.z - h.y;
        float wide = mix(0.014, 0.024, lot) * (1.0 + 1.3 * bile) * (0.8 + 0.35 * smoothstep(0.0, reach, down));
        float run = smoothstep(wide, wide * 0.5, abs(away)) * smoothstep(0.0, 0.06, down) * smoothstep(reach, reach - 0.03, down);
        float drop = smoothstep(1.0, 0.7, length(vec2(away, (down - reach) * 0.6) / (wide * 1.5)));
        run = max(run, drop);
        if (run > found.x) found = vec2(run, away / wide);
    }
    return found;
}
