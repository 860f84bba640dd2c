// linen, thread: the threads of a cloth, some thicker than others. Needs noise/hash. at: on the cloth, in threads. Range: about -1 to 1, 0 on average.
// Idea: each thread across and along has its own thickness by lot; which of both lies on top changes from crossing to crossing.
float thread(float x, float seed) {
    float i = floor(x), f = x - i;
    return mix(hash11(i + seed), hash11(i + 1.0 + seed), f * f * (3.0 - 2.0 * f)) - 0.5;
}
float linen(vec2 at) { return thread(at.x, 311.0) + thread(at.y, 7919.0) + 0.3 * sin(3.14159265 * at.x) * sin(3.14159265 * at.y); }
