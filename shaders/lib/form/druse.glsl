// druse: where one crystal of a visitor's group stands, how it points and how large it is, in the mood that rules. Needs lib/frame,
// noise/hash, form/moods (moods_here() called), form/mood_lot, form/bed. n of count: its number, from behind to before the others, so that edges blend over what is behind;
// scale: the group's, by which places at the walls are divided; seed [0, 1): the group's. Room: the root's ground is y = 0, z towards the
// viewer. Range: scene units over scale, about -2 to 2. Idea: one way to grow for each emotion, after minerals: quartz upright, stibnite's blades, few that shrink
// in a crevice, a spray that opens, what lies broken under ice, crusts with little in them, aragonite that bursts from one point;
// sizes fall off as in nature, few large and many small, in clumps with gaps. In a mixture
// each crystal is wholly of one mood, and where its lot changes it sinks and grows anew: none hangs half way.
struct Crystal { vec3 root, way; float reach, thick, slope, flat_by, taper; };
Crystal grown(vec3 root, vec3 way, float reach, float slim, float slope, float flat_by) {
    return Crystal(root, normalize(way), reach, max(reach * slim, 0.012), slope, flat_by, 0.0);
}
// Few large, many small: r [0, 1) is the rank.
float ranked(float r) { return 0.09 + 0.66 * exp(-22.0 * r) + 0.42 * exp(-4.5 * r); }
// Evenly spread u [-1, 1] drawn together into clumps.
float clumped(float u, float seed) { return u + 0.085 * sin(11.0 * u + 40.0 * seed) + 0.045 * sin(23.0 * u + 90.0 * seed); }
// The rock that a group grows from: how high it is above the ground.
float mound(vec2 at) { return 0.23 * exp(-4.0 * at.x * at.x - 7.0 * at.y * at.y) - 0.03; }
Crystal upright(float r, float q, vec3 a, float u, float seed, float sleep) {
    float side = seed < 0.5 ? -1.0 : 1.0, x = mix(0.56, 0.26, sleep) * clumped(u, seed) * mix(0.25, 1.0, smoothstep(0.0, 0.10, r)), z = mix(-0.26, 0.24, q);
    x += side * 0.10 * (1.0 - sleep);
    float lean = mix(1.0, -0.55, sleep);
    vec3 way = vec3(lean * (0.95 * x - side * 0.02) + 0.30 * (a.y - 0.5), 1.0, lean * 0.9 * z + 0.24 * (a.z - 0.5));
    float reach = ranked(r) * (0.70 + 0.6 * a.x) * mix(1.16, 0.86, sleep);
    return grown(vec3(x, mound(vec2(x, z)), z), way, reach, mix(0.15, 0.26, smoothstep(0.0, 0.5, r)) * (0.65 + 0.6 * a.z), 1.3 + 0.5 * a.y, 0.80);
}
Crystal fan(float r, float q, vec3 a, float u, float seed) {
    float th = clumped(u, seed) * mix(0.95, 1.30, r) * mix(0.85, 1.10, u_spread) + 0.10 * (seed - 0.5), z = mix(-0.20, 0.26, q);
    float reach = (0.13 + 0.80 * exp(-13.0 * r) + 0.72 * exp(-2.6 * r)) * (0.72 + 0.42 * a.x) * (0.74 + 0.30 * cos(th)) * mix(1.0, 0.55, smoothstep(0.5, 1.0, q));
    float x = 0.30 * sin(th);
    return grown(vec3(x, mound(vec2(x, z)) + 0.01, z), vec3(sin(th), cos(th) + 0.16, 1.2 * z + 0.3 * (a.y - 0.5)), 1.06 * reach, mix(0.058, 0.15, r) * (0.6 + 0.8 * a.z), 1.7, 0.85);
}
Crystal blades(float r, float q, vec3 a, float u, float seed) {
    // Most thrust to one side, close to one direction; some break out of it.
    float side = seed < 0.5 ? -1.0 : 1.0, wild = step(0.72, a.z), th = side * mix(0.74 + 0.46 * clumped(u, seed) * abs(u), 1.25 * u - 0.25, wild), z = mix(-0.26, 0.26, q);
    float reach = (0.16 + 0.95 * exp(-16.0 * r) + 0.85 * exp(-3.0 * r)) * (0.70 + 0.5 * a.x) * mix(1.0, 0.55, wild);
    float x = 0.22 * sin(th) - 0.16 * side + 0.30 * side * (a.y - 0.5);
    return grown(vec3(x, mound(vec2(x, z)), z), vec3(sin(th), 0.96 * cos(th), 0.9 * z + 0.35 * (a.y - 0.5)), 1.10 * reach, mix(0.085, 0.12, r) * (0.55 + 0.8 * a.y), mix(4.5, 0.25, step(0.80, a.y)), 0.40);
}
Crystal closing(float r, float q, vec3 a, float u, float seed, float scale) {
    if (a.z < 0.40) {  // the huddled few in the middle, that shrink back to one side
        float x = 0.24 * clumped(u, seed) * smoothstep(-0.05, 0.2, r) + 0.04, z = mix(-0.12, 0.16, q);
        return grown(vec3(x, mound(vec2(x, z)) - 0.02, z), vec3(-0.34 - 0.55 * x, 1.0, 0.5 * z), (0.10 + 0.42 * exp(-9.0 * r) + 0.20 * exp(-3.0 * r)) * (0.75 + 0.5 * a.x), 0.15 + 0.06 * a.y, 1.9, 0.9);
    }
    // Crusts on the crevice's walls, of short teeth.
    float left = step(0.45, fract(7.0 * a.z)), wide = max(u_resolution.x / u_resolution.y, 1.0), y = 0.05 + 1.60 * (0.5 + 0.5 * clumped(u, seed)), z = 0.22 - 0.48 * y;
    vec3 middle = bed_middle(u_shape), from = vec3(mix(1.0, -1.0, left) * (wide * 0.94 - 0.14) * (1.0 - 0.29 * z) - middle.x, y, z), aim = vec3(0.05, 0.30, 0.1) - from;
    from.x += 0.22 * (a.y - 0.5);
    float reach = (0.17 + 0.44 * exp(-7.0 * r)) * (0.5 + 0.9 * a.x) * step(a.z, 0.57);
    return grown(from / scale, normalize(aim) + 0.70 * vec3(0.0, a.x - 0.6, a.y - 0.5), reach / scale, 0.17 * (0.7 + 0.6 * a.y), 3.2, 0.9);
}
Crystal weeping(float r, float q, vec3 a, float u, float seed) {
    // One large one leans over the pool under the ice, the others lie or bow with it.
    float side = seed < 0.5 ? -1.0 : 1.0, x = 0.62 * clumped(u, seed) + side * 0.12, z = mix(-0.45, 0.40, q);
    float reach = (0.08 + 0.52 * exp(-11.0 * r) + 0.24 * exp(-3.5 * r)) * (0.7 + 0.6 * a.x) * exp(-2.2 * x * x);
    return grown(vec3(x, 0.5 * mound(vec2(x, z)) - 0.02, z), vec3(side * (0.72 + 0.4 * a.y), mix(1.20, 0.40 + 0.35 * a.x, smoothstep(0.0, 0.16, r)), 0.5 * (a.z - 0.5)), reach * mix(1.60, 1.0, smoothstep(0.0, 0.16, r)), 0.12 + 0.07 * a.z, 1.5, 0.85);
}
Crystal lumpish(float r, float q, vec3 a, float u, float seed) {
    // Swollen, blunt ones that sink to the sides out of a clotted foot: slime hangs from them.
    float side = seed < 0.5 ? -1.0 : 1.0, th = 0.95 * clumped(u, seed) + 0.22 * side, z = mix(-0.26, 0.26, q), x = 0.42 * sin(th);
    float reach = (0.10 + 0.62 * exp(-13.0 * r) + 0.36 * exp(-3.4 * r)) * (0.72 + 0.5 * a.x);
    return Crystal(vec3(x, mound(vec2(x, z)) - 0.02, z), normalize(vec3(sin(th), cos(th) + 0.15 * a.y, 0.8 * z + 0.4 * (a.y - 0.5))), reach, max(reach * (0.19 + 0.16 * a.z), 0.03), 0.32 + 0.3 * a.y, 0.75, -0.035);
}
Crystal burst(float r, float q, vec3 a, float turn, float seed) {
    // From one point to all sides: even over a sphere, from behind to before, and drawn into clumps.
    float z = mix(-0.92, 0.90, q), th = turn + 0.35 * sin(3.0 * turn + 9.0 * seed + 2.0 * z) + 0.16 * sin(7.0 * turn), flat_r = sqrt(1.0 - z * z);
    vec3 way = vec3(1.15 * flat_r * cos(th), flat_r * sin(th), z);
    float reach = (0.34 + 0.62 * exp(-10.0 * r) + 0.74 * exp(-2.0 * r)) * (0.65 + 0.6 * a.x) * mix(1.0, 0.62, smoothstep(-0.1, -0.7, way.y));
    vec3 root = way * 0.06 + vec3(0.10 * (seed - 0.5), 0.62, 0.0);
    // None goes under its shell.
    reach = min(reach, 0.56 / max(-normalize(way).y + 0.35 * max(normalize(way).z, 0.0), 0.2));
    return grown(root, way, reach, mix(0.062, 0.120, smoothstep(0.0, 0.4, r)) * (0.6 + 0.7 * a.y), 0.75 + 0.8 * a.z, 0.85);
}
Crystal druse(float n, float count, float seed, float scale) {
    float q = (n + 0.5) / count, r = fract((n + 0.5) * 0.6180340 + seed), x = hash11(n + 1.0 + floor(seed * 1024.0)), y = hash11(x * 57.3);
    vec3 a = vec3(x, y, hash11(y * 19.9));
    float u = 2.0 * fract(n * 0.7548777 + 3.0 * seed) - 1.0, turn = 2.39996323 * n + 6.2831853 * seed;
    float sure;
    int mood = mood_lot(fract(n * 0.5698403 + seed), sure);
    Crystal one;
    if (mood == ANGRY) one = blades(r, q, a, u, seed);
    else if (mood == DISGUST) one = lumpish(r, q, a, u, seed);
    else if (mood == FEAR) one = closing(r, q, a, u, seed, scale);
    else if (mood == HAPPY) one = fan(r, q, a, u, seed);
    else if (mood == SAD) one = weeping(r, q, a, u, seed);
    else if (mood == SURPRISE) one = burst(r, q, a, turn, seed);
    else one = upright(r, q, a, u, seed, mood == ASLEEP ? 1.0 : 0.0);
    one.reach *= sure;
    one.thick *= sure;
    return one;
}
