// pattern_colour: bars to match projectors by. at: place in the part, [0, 1], y down. Range: [0, 1], sRGB.
// Rows: full bars (white, yellow, cyan, green, magenta, red, blue, black), the same at half the light, then even ramps of
// red, green, blue and grey.
vec3 pattern_colour(vec2 at) {
    int bar = int(min(at.x, 0.99999) * 8.0);
    vec3 full = vec3(float((bar & 2) == 0), float((bar & 4) == 0), float((bar & 1) == 0));
    if (at.y < 0.4) return full;
    if (at.y < 0.6) return to_srgb(full * 0.5);
    int row = int((min(at.y, 0.99999) - 0.6) * 10.0);
    return at.x * (row == 3 ? vec3(1.0) : vec3(float(row == 0), float(row == 1), float(row == 2)));
}
