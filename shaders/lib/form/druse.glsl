// druse: where one crystal of a visitor's group stands, how it points and how large it is, in the mood that rules. Needs lib/frame,
// noise/hash, form/moods (moods_here() called). n of count: its number, the giants first; scale: the group's, by which places at the walls are
// divided; seed [0, 1): the group's. Room: the root's ground is y = 0, z towards the viewer. Range: scene units over scale, about -2 to 2.
// Idea: one way to grow for each emotion: quartz upright, blades thrown out, needles that close in, a fan that opens, a ceiling that
// weeps, a ring that bursts; in a mixture
// each crystal is wholly of one mood, and where its lot changes it sinks and grows anew: none hangs half way.
struct Crystal { vec3 root, way; float reach, thick, point, flat_by; };
Crystal grown(vec3 root, vec3 way, float reach, float slim, float point, float flat_by) {
    return Crystal(root, normalize(way), reach, reach * slim, point, flat_by);
}
Crystal upright(float r, vec3 a, vec2 d, float sleep) {
    float far = 0.02 + mix(0.62, 0.34, sleep) * sqrt(r), lean = mix(0.06 + 0.55 * r, 0.05 - 0.5 * r, sleep) + 0.16 * (a.y - 0.5);
    // A few giants of unlike height, and many small ones about their feet.
    float reach = mix(mix(0.62, 0.14, r), 1.32, exp(-16.0 * r)) * (0.62 + 0.5 * a.x) * mix(1.0, 1.10, sleep);
    return grown(vec3(d.x * far, -0.02, 0.7 * d.y * far), vec3(d.x * lean, 1.0, d.y * lean), reach, mix(0.125, 0.17, r) * (0.7 + 0.6 * a.z), 0.05 + 0.15 * a.z, 0.85);
}
Crystal fan(float r, vec3 a, vec2 d, float n) {
    float th = (2.0 * fract(n * 0.6180340 + 0.5) - 1.0) * mix(0.9, 1.45, r) * mix(0.85, 1.12, u_spread), deep = a.y - 0.5;
    float reach = mix(1.42, 0.22, pow(r, 0.62)) * (0.86 + 0.28 * a.x) * (0.80 + 0.25 * cos(th));
    return grown(vec3(0.22 * sin(th), 0.0, 0.35 * deep), vec3(sin(th), cos(th) + 0.12, 0.8 * deep), reach, 0.062 + 0.07 * r, 0.12, 0.9);
}
Crystal blades(float r, vec3 a, vec2 d, float n) {
    float side = fract(n * 0.5 + 0.25) < 0.5 ? -1.0 : 1.0, th = side * (0.12 + 1.10 * a.x) + 0.20;
    float reach = mix(1.85, 0.30, pow(r, 0.55)) * (0.50 + 0.60 * a.y) * mix(0.55, 1.0, smoothstep(0.1, 0.6, abs(th)));
    return grown(vec3(0.26 * sin(th) - 0.05, 0.0, 0.2 * d.y), vec3(sin(th), cos(th), 1.1 * (a.z - 0.42)), 1.15 * reach, 0.075 + 0.03 * r, 0.80, 0.42);
}
Crystal closing(float r, vec3 a, vec2 d, float n, float scale) {
    if (fract(n * 0.381966) < 0.36) {  // the huddled few in the middle, that shrink back to one side
        float far = 0.04 + 0.26 * sqrt(r);
        return grown(vec3(d.x * far + 0.06, -0.02, 0.6 * d.y * far), vec3(0.42 - 0.50 * d.x * far, 1.0, -0.10 - 0.5 * d.y * far),
                     mix(0.98, 0.16, pow(r, 0.55)) * (0.7 + 0.5 * a.x), 0.105 + 0.04 * r, 0.62, 0.9);
    }
    // Druses on the walls, three on one side and two on the other, from which unlike lances point at them.
    float five = 5.0 * fract(n * 0.7548777 + 0.1), side = five < 3.2 ? -1.0 : 1.0, k = side < 0.0 ? floor(five * 0.9376) : floor((five - 3.2) * 1.111);
    float y = (side < 0.0 ? 0.10 + 0.52 * k + 0.08 * k * k : 0.36 + 0.74 * k) * max(u_resolution.y / u_resolution.x, 1.0), deep = 0.9 * a.y - 0.35 - 0.15 * k;
    float out_by = (1.16 * max(u_resolution.x / u_resolution.y, 1.0) + 0.06) * (1.0 - 0.29 * deep);
    vec3 from = vec3(side * out_by, y + 0.20 * (a.x - 0.5), deep), aim = vec3(0.10, 0.34, 0.0) - from;
    float far = length(aim), reach = (far - (side < 0.0 ? 0.34 : 0.62)) * mix(1.0, 0.30, pow(r, 0.7)) * (0.70 + 0.30 * a.z);
    return grown(from / scale, aim / far + 0.50 * vec3(0.0, a.z - 0.5, a.x - 0.5) * (0.3 + r), reach / scale, mix(0.055, 0.13, r) * (0.6 + 0.8 * a.y), 0.86, 0.8);
}
Crystal weeping(float r, vec3 a, vec2 d, float n, float scale) {
    if (fract(n * 0.381966) < 0.24) {  // those that lie, bowed to one side
        float far = 0.10 + 0.35 * sqrt(r);
        return grown(vec3(d.x * far, -0.02, 0.6 * d.y * far), vec3(0.9 + 0.6 * d.x, 0.55 + 0.3 * a.x, 0.3 * d.y),
                     mix(0.52, 0.14, pow(r, 0.5)) * (0.7 + 0.5 * a.y), 0.16, 0.35, 0.85);
    }
    float x = 1.9 * (2.0 * fract(n * 0.7548777 + 0.5) - 1.0), deep = 1.5 * a.z - 1.1, tall = max(u_resolution.y / u_resolution.x, 1.0), above = (0.80 + tall) - 0.42 * deep;
    float reach = (0.33 + 1.32 * exp(-2.6 * (x - 0.08) * (x - 0.08))) * mix(1.15, 0.45, sqrt(r)) * (0.55 + 0.6 * a.x);
    return grown(vec3(x * (1.0 - 0.2 * deep), above, deep) / scale, vec3(0.03 * (a.y - 0.5), -1.0, 0.02), reach * (0.5 + 0.5 * tall) / scale, 0.062 + 0.05 * r, 0.97, 1.0);
}
Crystal lumpish(float r, vec3 a, vec2 d) {
    float far = 0.10 + 0.55 * sqrt(r);
    return grown(vec3(1.2 * d.x * far, 0.72 * exp(-4.5 * far * far), 0.8 * d.y * far + 0.05), vec3(d.x + 0.8 * d.y, 0.5 + 0.5 * a.x, d.y - 0.6 * d.x),
                 mix(0.34, 0.10, pow(r, 0.5)) * (0.5 + 0.6 * a.y), 0.22, 0.10, 0.8);
}
Crystal burst(float r, vec3 a, vec2 d, float n) {
    float loose = step(0.78, fract(n * 0.7548777)), wide = 0.40 + loose * (0.62 + 0.5 * a.z) + 0.05 * a.y;
    vec3 way = vec3(d, 0.9 * (a.y - 0.42));
    float reach = mix(0.92, 0.16, pow(r, 0.5)) * (0.6 + 0.6 * a.x) * mix(1.0, 0.45, smoothstep(0.0, -0.9, d.y)) * mix(1.0, 0.28, loose);
    return grown(vec3(d * wide, 0.1 * (a.z - 0.5)) + vec3(0.0, 0.74, 0.0), way, reach, 0.075 + 0.05 * r, 0.55, 0.7);
}
Crystal druse(float n, float count, float seed, float scale) {
    float r = n / count, x = hash11(n + 1.0 + floor(seed * 1024.0)), y = hash11(x * 57.3), turn = 2.39996323 * n + 6.2831853 * seed;
    vec3 a = vec3(x, y, hash11(y * 19.9));
    vec2 d = vec2(cos(turn), sin(turn));
    // Whose it is: the moods' shares lie side by side, and the crystal's lot falls in one of them.
    float lot = fract(n * 0.5698403 + seed), from = 0.0, sure = 1.0;
    int mood = NEUTRAL;
    for (int i = 0; i < 8; i++) {
        float to = from + MOOD[i];
        if (lot >= from && lot < to) {
            mood = i;
            sure = smoothstep(0.0, 0.03, min(from > 1e-3 ? lot - from : 1.0, to < 0.999 ? to - lot : 1.0));
        }
        from = to;
    }
    Crystal one;
    if (mood == ANGRY) one = blades(r, a, d, n);
    else if (mood == DISGUST) one = lumpish(r, a, d);
    else if (mood == FEAR) one = closing(r, a, d, n, scale);
    else if (mood == HAPPY) one = fan(r, a, d, n);
    else if (mood == SAD) one = weeping(r, a, d, n, scale);
    else if (mood == SURPRISE) one = burst(r, a, d, n);
    else one = upright(r, a, d, mood == ASLEEP ? 1.0 : 0.0);
    one.reach *= sure;
    one.thick *= sure;
    return one;
}
