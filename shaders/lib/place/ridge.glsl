// place_ridge, wave1, hills1, crag1: how high the far land of the room stands over the horizon; wave1 is a slow wave along a line, in [-1, 1], period 4;
// crag1 a saw of period 1, [0, 1].
// Needs lib/frame, place/mood.
// x: scene units, across; sun: see place/sun; near: 0 the far layer, 1 the near one; seed: which room's. Range: scene units, [0, 0.8], continuous.
// Idea: each kind of place has one line: level hills, long slopes, crags that leave the fire a gap, hills that open, a crater's rim, clots.
float wave1(float x) {
    float f = fract(x * 0.25) * 4.0 - 2.0;
    return f * (2.0 - abs(f));
}
float hills1(float x) { return 0.5 + 0.27 * wave1(x) + 0.15 * wave1(2.37 * x + 0.8 * wave1(0.7 * x)) + 0.07 * wave1(5.3 * x + 1.0); }
float crag1(float x) {
    float f = fract(x);
    return f < 0.34 ? f / 0.34 : (1.0 - f) / 0.66;
}
float place_ridge(float x, vec3 sun, PlaceMood m, float near, float seed) {
    float far = 1.0 - near, from = x - 0.8 * place_focus_x(), aside = abs(from), s = seed + 2.7 * near, high = 0.0;
    if (m.calm > 0.0) high += m.calm * mix(0.40, 0.15, near) * hills1(mix(1.0, 1.9, near) * x + s);
    if (m.weep > 0.0) {
        float slope = hills1(mix(0.9, 1.5, near) * x + s);
        high += m.weep * (mix(0.95, 0.30, near) * slope * slope + 0.03);
    }
    if (m.hard > 0.0) {
        float gap = smoothstep(0.05, 0.85, abs(x - sun.x - 0.25 * near)), bent = x + 0.11 * wave1(2.1 * x + s);
        float crags = max(crag1(0.95 * bent + s) * (0.75 + 0.25 * wave1(0.9 * x + s)), 0.74 * crag1(2.1 * bent + 1.7 * s) * (0.75 + 0.25 * wave1(1.7 * x)));
        high += m.hard * mix(0.30, 1.0, gap) * (mix(0.86, 0.46, near) * crags + 0.035 * crag1(6.1 * bent + s));
    }
    if (m.open > 0.0) {
        float wide = smoothstep(0.5, 2.0, aside);
        high += m.open * (mix(0.30, 0.20, near) * wide * wide + mix(0.14, 0.06, near) * hills1(mix(1.3, 2.2, near) * x + s));
    }
    if (m.burst > 0.0) {
        float rim = (aside - 1.12 - 0.12 * near) / (aside < 1.12 + 0.12 * near ? 0.22 : 0.6);
        high += m.burst * (mix(0.46, 0.22, near) * exp(-rim * rim) * (0.75 + 0.35 * crag1(2.1 * x + s)) + 0.05 * hills1(1.7 * x + s));
    }
    if (m.murk > 0.0) {
        float bent = x + 0.12 * wave1(2.9 * x + s);
        high += m.murk * (mix(0.26, 0.15, near) * abs(wave1(1.45 * bent + s)) + 0.10 * abs(wave1(3.9 * bent)) + 0.03);
    }
    return high + m.hide * 0.10 * hills1(2.3 * x + s);
}
