// place_swamp: dead trees that droop over a swamp, and what hangs from them: how much of what is behind they hide. Needs lib/frame, place/ridge.
// at: scene units, up: over the horizon; lot: three numbers of the room, [0, 1). Range: [0, 1]. Idea: a bent trunk at each side, boughs that
// arch out of it and fall, and moss in strands under them; all of it softer than the room's pixels are large.
float place_tree(vec2 at, float up, float foot, float way, float tall, float seed) {
    float x = way * (at.x - foot), bent = 0.10 * wave1(1.7 * up + seed) + 0.16 * up * up, out_by = x - bent;
    float half_ = 0.055 + 0.11 * exp(-6.0 * max(up, 0.0)) - 0.030 * up, hides = smoothstep(half_ + 0.03, half_ - 0.03, abs(out_by)) * smoothstep(tall + 0.1, tall - 0.2, up);
    float strand = 0.5 + 0.5 * wave1(13.0 * x + 2.0 * wave1(3.1 * x + seed)), moss = 0.06 + 0.34 * strand * strand * (0.5 + 0.5 * wave1(2.7 * x + 2.0 * seed));
    for (int n = 0; n < 2; n++) {
        float k = float(n), from = tall * mix(0.92, 0.60, k), d = max(out_by, 0.0), reach = mix(0.95, 0.6, k);
        float bough = from + (0.55 - 0.3 * k) * d - (1.05 + 0.5 * k) * d * d, thin = 0.035 * (1.0 - d / reach), there = smoothstep(reach, reach - 0.15, d) * smoothstep(-0.06, 0.0, out_by);
        float under = bough - up;
        hides = max(hides, there * smoothstep(-thin - 0.03, -thin + 0.03, under) * smoothstep(moss * (0.4 + d) + 0.05, moss * (0.4 + d) - 0.05, under));
    }
    return hides;
}
float place_swamp(vec2 at, float up, vec3 lot) {
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    float left = place_tree(at, up, -mix(0.80, 0.92, lot.y) * wide, 1.0, mix(0.95, 1.15, lot.z), 5.0 * lot.x);
    return max(left, place_tree(at, up, mix(0.70, 0.86, lot.x) * wide, -1.0, mix(0.60, 0.85, lot.y), 3.0 + 5.0 * lot.z));
}
