// hair_place: how far inside (above 0) or outside the hair or the hood over a head a place is: x what is before the face,
// y all of it. Needs the sitter's numbers that portrait_head.vert gives. h: from the head's middle in half heads; e: the same on the skull,
// whose edge is 1; f: on the face. Range: about -1 to 0.3.
// Idea: an egg larger than the skull that falls on both sides as long as the sitter's lot and the mood have it, less the face in it.
vec2 hair_place(vec2 h, vec2 e, vec3 f) {
    float veil = v_hair.x, fall = v_hair.y, spikes = v_hair.z, lift = v_hair.w;
    vec2 c = h - vec2(0.0, 0.02 + 0.05 * lift);
    float angle = atan(c.x, c.y);
    float thorn = abs(fract(angle * 2.6 + 0.3 * sin(angle * 5.0)) - 0.5) * 2.0;
    float wide = mix(0.86, 1.02, veil), high = mix(1.10, 1.22, veil) + 0.12 * lift;
    wide *= 1.0 + 0.22 * spikes * thorn + 0.05 * lift;
    high *= 1.0 + 0.26 * spikes * thorn;
    float sides = wide * (1.0 + 0.28 * veil * smoothstep(0.0, -1.5, c.y)) - 0.05 * smoothstep(0.0, -1.0, c.y) * (1.0 - veil);
    float dome = 1.0 - length(c / vec2(wide, high));
    float down = min(1.0 - abs(c.x) / sides, 0.45 * (c.y - fall));
    float out_of_it = c.y > 0.0 ? dome : max(dome, min(down, 0.30));
    // The throat is before it.
    out_of_it = min(out_of_it, max(c.y + 0.55, abs(c.x - 0.06 * c.y) - 0.34 - 0.16 * smoothstep(-0.9, -1.7, c.y) * (1.0 - veil)));
    // The face looks out of it.
    float forehead = mix(0.70, 0.66, veil) - 0.16 * v_parting * f.x - mix(0.55, 0.35, veil) * f.x * f.x - f.y;
    float open = mix(0.86, 0.80, veil) - abs(f.x) - 0.10 * smoothstep(0.0, -0.8, f.y) * veil;
    float face = min(forehead, open);
    return vec2(length(e) < 1.0 ? min(out_of_it, -face) : out_of_it, out_of_it);
}
