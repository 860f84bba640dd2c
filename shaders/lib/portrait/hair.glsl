// hair_place, hair_strand: how far inside (above 0) or outside the hair or the hood over a head a place is: x what is before the face,
// y all of it; hair_strand: which strand lies there, [0, 1], by chance, the same all along it. Needs the sitter's numbers that portrait_head.vert gives. h: from the head's middle in half heads; e: the same on the skull,
// whose edge is 1; f: on the face. Range: about -1 to 0.4.
// Idea: one calm mass, an egg larger than the skull that falls behind the jaw as long as the sitter's lot and the mood have it, less the
// face in it.
vec2 hair_place(vec2 h, vec2 e, vec3 f) {
    float veil = v_hair.x, fall = v_hair.y, wild = v_hair.z, lift = v_hair.w;
    vec2 c = h - vec2(0.03 * v_parting, 0.03 + 0.03 * lift);
    float angle = atan(c.x, c.y), tousled = wild * (0.05 * sin(4.0 * angle + 1.3) + 0.03 * sin(9.0 * angle + 0.7) + 0.015 * sin(21.0 * angle));
    float wide = mix(0.87, 1.00, veil) + 0.06 * lift + tousled, high = mix(1.07, 1.20, veil) + 0.06 * lift + 1.2 * tousled;
    // A hood stands to a soft peak.
    high += 0.07 * veil * exp(-12.0 * c.x * c.x);
    float sides = wide + mix((0.06 * sin(2.6 * c.y + 0.8) - 0.06 * smoothstep(-0.2, -1.2, c.y)) * smoothstep(0.0, -0.35, c.y), 0.30 * smoothstep(-0.1, -1.5, c.y), veil);
    float dome = 1.0 - length(c / vec2(wide, high));
    float down = min(1.0 - abs(c.x) / sides, 0.45 * (c.y - fall));
    // Short hair ends behind the ear.
    dome = min(dome, c.y + mix(0.42, 2.0, veil) + 0.5 * max(abs(c.x) - 0.6, 0.0));
    float all = c.y > 0.0 ? dome : max(dome, min(down, 0.35));
    // The throat is before it.
    all = min(all, max(c.y + 0.50, abs(c.x - 0.06 * c.y) - 0.23 - 0.10 * smoothstep(-0.9, -1.7, c.y) * (1.0 - veil)));
    // The face looks out of it.
    float forehead = 0.68 - 0.12 * v_parting * f.x - 0.75 * f.x * f.x - f.y, open = 0.60 - abs(f.x) + 0.06 * smoothstep(0.3, 0.0, abs(f.y + 0.05));
    float oval = 0.60 * (1.0 - length(vec2(f.x, f.y + 0.22) / vec2(0.57, f.y > -0.22 ? 0.74 : 1.1)));
    return vec2(length(e) < 1.0 ? min(all, -mix(min(forehead, open), oval, veil)) : all, all);
}
float hair_strand(vec2 h) {
    if (v_hair.x > 0.98) return 0.5;
    vec2 c = h - vec2(0.03 * v_parting, 0.03 + 0.03 * v_hair.w);
    // From the parting strands lie along the skull, and below the temples they hang in waves.
    float low = smoothstep(0.5, -0.6, c.y), a = length(vec2(c.x / 0.87, max(c.y, 0.0) / 1.07)) + 0.20 * abs(c.x - 0.18 * v_parting) * (1.0 - low) + (0.03 + 0.03 * v_hair.z) * sin(4.3 * c.y + 2.0 * c.x) * low;
    float side = c.x < 0.18 * v_parting ? 0.0 : 2.0, locks = sin(53.0 * a + 1.3 + side);
    return clamp(0.5 + 0.20 * locks + (0.16 + 0.10 * locks) * sin(181.0 * a + 2.0 * c.y + side), 0.0, 1.0);
}
