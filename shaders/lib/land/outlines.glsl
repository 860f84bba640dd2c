// spires, lumps: outlines that a mood's land and bodies have in common: peaks as straight as blades, and round clots. Needs noise/hash, noise/rough1.
// x: along it, one peak or clot a unit; seed: which line. Range: [0, 1], continuous. Idea: the highest of what stands in this cell and its neighbours.
// A peak in each cell, steep at one side, its slope as straight as a blade.
float spires(float x, float seed) {
    float i = floor(x), f = x - i, high = 0.0;
    for (float k = -1.0; k <= 1.0; k += 1.0) {
        float lot = lot1(i + k, seed), at = f - k - 0.3 - 0.4 * lot1(i + k, seed + 5.0);
        high = max(high, (0.30 + 0.70 * lot * lot) * (1.0 - abs(at) * (at < 0.0 ? 2.6 : 1.25)));
    }
    return max(high, 0.0);
}
float lumps(float x, float seed) {
    float i = floor(x), high = 0.0;
    for (float k = -1.0; k <= 1.0; k += 1.0) {
        float lot = lot1(i + k, seed), at = (x - i - k - 0.5) / (0.42 + 0.30 * lot);
        high = max(high, (0.45 + 0.55 * lot) * sqrt(max(1.0 - at * at, 0.0)));
    }
    return high;
}
