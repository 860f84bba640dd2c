// place_trunks: trunks of a dark forest at a place: how much of what is behind them they hide. Needs lib/frame, noise/hash.
// x: across, as seen; up: over their feet; wide_apart: scene units from one to the next; thick: share of that; soft: of their borders, scene units;
// seed: which. Range: [0, 1]. Idea: one in a cell, by lot where, how thick and how far it leans; some cells have none.
float place_trunks(float x, float up, float wide_apart, float thick, float soft, float seed) {
    float cell = floor(x / wide_apart);
    uint lot = mix_bits(uint(int(cell) + 1000) * 747796405u + uint(seed * 65536.0));
    vec3 by = vec3(float(lot & 1023u), float((lot >> 10) & 1023u), float((lot >> 20) & 1023u)) / 1023.0;
    float half_ = wide_apart * thick * mix(0.35, 1.0, by.y), middle = (cell + 0.5 + (0.8 - 2.0 * thick) * (by.x - 0.5)) * wide_apart + 0.05 * (by.z - 0.5) * up;
    half_ *= 1.0 + 0.7 * exp(-9.0 * max(up, 0.0)) - 0.12 * up;
    return smoothstep(half_ + soft, half_ - soft, abs(x - middle)) * step(0.15, by.z);
}
