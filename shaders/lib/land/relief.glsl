// relief: the land's height. Needs lib/frame, noise/hash, noise/swell3, motion/beat, form/moods (moods_here() called), land/ground, and the
// scene's parameter u_relief (how high the land is). at: x across, z ahead of the eye in metres; gives metres. Range: as u_relief has
// it, about -1 to 4. Idea: one kind of land for each emotion, each with a silhouette of its own: a plain before a far range, wet flats
// under ridges that sag, leaning peaks, a gorge, clotted mounds, hills that open, a crater; they are mixed by the moods' shares.
const float VISITOR_Z = 2.6;
const vec2 VOLCANO = vec2(2.9, 10.5);
uniform float u_relief;
// Ridges where noise crosses its middle, finer ones on them; [0, 1].
float ridged(vec2 p) {
    float a = 1.0 - abs(swell3(vec3(p, 0.5))), b = 1.0 - abs(swell3(vec3(p.yx * 2.3 + 5.0, 1.7))), c = 1.0 - abs(swell3(vec3(p * 5.1 + 2.0, 3.1)));
    return a * a * (0.62 + 0.26 * b * b + 0.12 * c);
}
// Single mounds, each in a cell of its own, round as bubbles, that breathe. [0, 1].
float mounds(vec2 p) {
    vec2 i = floor(p), f = p - i - 0.5;
    float lot = hash_lattice(ivec3(i, 5));
    f -= 0.26 * (vec2(lot, fract(lot * 7.31)) - 0.5);
    float r2 = dot(f, f) / (0.12 + 0.05 * lot);
    return (0.40 + 0.60 * lot) * sqrt(max(1.0 - r2, 0.0)) * (1.0 + 0.12 * sin(1.1 * u_phase + 20.0 * lot));
}
// Single peaks, sharp and steep at one side, each in a cell of its own. [0, 1].
float spires(vec2 p) {
    vec2 i = floor(p), f = p - i - 0.5;
    float lot = hash_lattice(ivec3(i, 9));
    f -= 0.5 * (vec2(lot, fract(lot * 7.31)) - 0.5);
    float r = max(abs(f.x + 0.25 * f.y) * 1.25, abs(f.y)) * 2.3;
    return (0.35 + 0.65 * lot) * max(1.0 - r, 0.0) * (1.35 - 0.35 * r);
}
float range_far(vec2 at) {
    float hide = smoothstep(7.5, 12.5, at.y), ridge = ridged(at * vec2(0.30, 0.20));
    return hide * ridge * (0.55 + 0.45 * swell3(vec3(at.x * 0.23, 5.0, 0.3)));
}
// Cloth that hangs from peak to peak.
float sagging(vec2 at) {
    float cusp = 1.0 - abs(sin(0.26 * at.x + 0.20 * sin(0.25 * at.y) + 0.6));
    return smoothstep(6.0, 12.0, at.y) * cusp * cusp * (0.75 + 0.25 * swell3(vec3(at * 0.3, 2.0)));
}
float peaks(vec2 at, vec2 p) {
    float rise = smoothstep(1.4, 5.0, at.y), side = smoothstep(0.0, 1.0, abs(at.x + 0.2) / (0.5 + 0.16 * at.y));
    float cone = max(1.0 - length(at - VOLCANO) / 3.4, 0.0);
    float high = 2.1 * spires(at * vec2(0.80, 0.42)) + 0.9 * spires(at * vec2(1.7, 0.9) + 3.3) + 0.5 * ridged(at * 0.9);
    high *= rise * (0.16 + 0.84 * side) * (1.0 + 0.05 * at.y) * smoothstep(0.75, 0.15, cone);
    return max(high, min(5.4 * cone * cone * (1.2 - 0.2 * cone), 3.6 - 1.1 * cone)) + 0.12 * ridged(p * 2.1) * exp(-0.2 * at.y);
}
float gorge(vec2 at, vec2 p) {
    float middle = 0.25 * sin(0.45 * at.y) - 0.02 * at.y, wide = 0.55 + 0.035 * at.y, away = abs(at.x - middle);
    float wall = smoothstep(wide, wide + 0.50 + 0.10 * at.y, away + 0.22 * swell3(vec3(p * 1.1, 4.0)));
    return wall * (1.3 + 0.40 * at.y) * smoothstep(0.7, 2.8, at.y) * (0.70 + 0.45 * ridged(at * vec2(0.8, 0.45) + 3.0))
        + 0.22 * wall * ridged(p * 1.3) * smoothstep(0.8, 2.0, at.y);
}
float clotted(vec2 at, vec2 p) {
    float rise = smoothstep(0.9, 3.2, at.y), bent = 0.25 * swell3(vec3(p * 0.9, 2.0));
    return rise * (0.72 * mounds(p * vec2(0.62, 0.50) + bent) + 0.40 * mounds(p * vec2(1.25, 1.0) + 3.3 - bent) + 0.15 * mounds(p * 2.5 + 7.1) * exp(-0.3 * at.y)) * (1.0 + 0.05 * at.y);
}
float hills(vec2 at, vec2 p) {
    float open = smoothstep(0.2, 1.6, abs(at.x) / (0.9 + 0.32 * at.y)), round_one = 0.5 + 0.5 * swell3(vec3(p.x * 0.42, 0.4, p.y * 0.34));
    float before = 0.85 * smoothstep(5.0, 13.0, at.y) * exp(-0.055 * at.x * at.x) + 0.20 * swell3(vec3(p * 0.9, 2.0));
    return (0.15 + 1.9 * open) * (0.25 + 0.75 * round_one) * smoothstep(1.2, 6.5, at.y) + before * smoothstep(1.5, 6.0, at.y);
}
float crater(vec2 at, vec2 p) {
    vec2 from = at - vec2(0.0, 6.2);
    float r = length(from), spurs = 1.0 + 0.20 * sin(11.0 * atan(from.x, from.y) + 2.0 * sin(r)), wall = (r - 3.3) / (r < 3.3 ? 0.42 : 1.0);
    float ring = exp(-wall * wall) * spurs * mix(0.16, 1.45, smoothstep(2.5, 9.0, at.y));
    return ring + 0.07 * sin(4.2 * r - 3.5 * u_phase) * exp(-0.35 * abs(r - 3.3)) - 0.25 * smoothstep(3.3, 1.0, r);
}
// A mound under each visitor's form, and rings over the land from hands that move.
float visitors_at(vec2 at) {
    float rise = 0.0;
    for (int who = 0; who < u_people; who++) {
        vec4 place = u_place[who], chest = u_joints[who * JOINTS + CHEST];
        vec2 from = at - vec2(mix(place.x, chest.x, chest.w) * VISITOR_Z / LENS, VISITOR_Z);
        float r2 = dot(from, from), ring = sqrt(r2), round_one = max(0.0, 1.0 - 0.44 * r2);
        rise += place.w * place.z * (0.16 + 0.06 * u_pulse * beat(0.0) + 0.10 * u_welcome) * round_one * round_one;
        rise += (0.012 + 0.06 * u_self[who].z) * place.w * sin(7.0 * ring - 4.0 * u_phase) * exp(-0.8 * ring);
    }
    return rise;
}
float relief(vec2 at) {
    vec2 p = at + vec2(0.0, 0.14 * u_phase);
    p += u_twist * 0.5 * vec2(sin(0.35 * p.y), 0.0) * (0.4 + 0.25 * at.y);
    float base = swell3(vec3(p.x * 0.75, 0.06 * u_phase, p.y * 0.75)), height = base * mix(0.13, 0.03, MOOD[SAD]) * (1.0 - MOOD[FEAR]);
    if (MOOD[NEUTRAL] > 0.01) height += MOOD[NEUTRAL] * 4.2 * range_far(at);
    if (MOOD[ASLEEP] > 0.01) height += MOOD[ASLEEP] * 2.6 * range_far(at + vec2(7.0, 0.0));
    if (MOOD[SAD] > 0.01) height += MOOD[SAD] * (3.3 * sagging(at) - 0.10);
    if (MOOD[ANGRY] > 0.01) height += MOOD[ANGRY] * peaks(at, p);
    if (MOOD[FEAR] > 0.01) height += MOOD[FEAR] * gorge(at, p);
    if (MOOD[DISGUST] > 0.01) height += MOOD[DISGUST] * clotted(at, p);
    if (MOOD[HAPPY] > 0.01) height += MOOD[HAPPY] * hills(at, p);
    if (MOOD[SURPRISE] > 0.01) height += MOOD[SURPRISE] * crater(at, p);
    height += u_tremble * 0.012 * swell3(vec3(p.x * 9.0, 6.0 * u_phase, p.y * 9.0)) * exp(-0.3 * at.y);
    height *= 1.0 + 0.20 * u_pulse * beat(1.3 * at.y);
    // Before the eye the land lies low: what rises there would show its back.
    return height * u_relief * smoothstep(0.3, 2.4, at.y) + visitors_at(at);
}
