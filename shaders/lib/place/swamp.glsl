// place_swamp: old trees that lean over a swamp, dead stumps in it, and moss that hangs from above: how much of what is behind they hide.
// Needs lib/frame, place/ridge. at: scene units; up: over the horizon; lot: three numbers of the room, [0, 1). Range: [0, 1].
// Idea: a trunk at each side that goes out of the picture, and strands of unlike length, longest at the sides: the picture's own frame.
float leaning(float x, float up, float thick, float seed) {
    float half_ = thick * (1.0 + 1.5 * exp(-5.0 * max(up, 0.0)) + 0.22 * wave1(3.1 * up + seed));
    return smoothstep(half_ + 0.030, half_ - 0.030, abs(x - 0.10 * wave1(1.3 * up + seed) - 0.05 * wave1(3.3 * up + seed)));
}
float place_swamp(vec2 at, float up, vec3 lot) {
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y), head = u_resolution.y / min(u_resolution.x, u_resolution.y);
    float left = at.x + mix(0.74, 0.90, lot.y) * wide, right = mix(0.72, 0.88, lot.x) * wide - at.x;
    float hides = max(leaning(left - 0.16 * up, up, 0.085, 9.0 * lot.x), leaning(right - 0.10 * up, up, 0.055, 9.0 * lot.z));
    float broad = 0.5 + 0.5 * wave1(1.7 * at.x + 9.0 * lot.y), strand = 0.5 + 0.5 * wave1(7.1 * at.x + 1.5 * wave1(2.3 * at.x + 5.0 * lot.z)), fine = 0.5 + 0.5 * wave1(16.0 * at.x + 2.0 * wave1(1.1 * at.x));
    float side = abs(at.x) / wide, hang = 0.62 * side * side * (0.35 + 0.65 * broad) + (0.05 + 0.22 * side) * strand * strand + (0.03 + 0.10 * side) * fine * strand;
    hides = max(hides, smoothstep(0.13, -0.08, head - at.y - hang));
    // Stumps in the water, far off.
    float cell = at.x * 1.9 + 3.0 * lot.x, stump = fract(cell) - 0.5 + 0.25 * wave1(7.0 * floor(cell)) - 0.10 * up * wave1(3.0 * floor(cell));
    return max(hides, 0.75 * smoothstep(0.055 + 0.03 * exp(-9.0 * up), 0.0, abs(stump)) * smoothstep(0.05, -0.05, up - 0.22 - 0.20 * wave1(5.0 * floor(cell) + 9.0 * lot.y)));
}
