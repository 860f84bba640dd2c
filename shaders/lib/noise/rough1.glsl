// rough1, lot1: a rough line, as of distant hills. lot1 is a number by lot of a whole number. Needs noise/hash.
// x: along it; seed: which line. Range: [0, 1], rough1 continuous with continuous slope. Idea: value noise in one dimension, four octaves.
float lot1(float i, float seed) { return hash11(i * 1.37 + seed * 17.3 + 3.1); }
float value1(float x, float seed) {
    float i = floor(x), f = x - i;
    return mix(lot1(i, seed), lot1(i + 1.0, seed), f * f * (3.0 - 2.0 * f));
}
float rough1(float x, float seed) { return 0.55 * value1(x, seed) + 0.27 * value1(2.3 * x, seed + 1.0) + 0.12 * value1(5.1 * x, seed + 2.0) + 0.06 * value1(11.7 * x, seed + 3.0); }
