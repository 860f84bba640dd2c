// relief: the land's height. Needs lib/frame, noise/hash, noise/swell3, motion/beat, land/ground, and the scene's
// parameter u_relief (how high the land is). at: x across, z ahead of the eye in metres; gives metres. Range: as u_relief has
// it, about -1 to 3. Idea: two kinds
// of land in one: parallel swell (strict) and folded hills (for themselves), round or ridged to peaks by the fold of
// their own zero line; over it one hill for each visitor's head, shoulder and hand, as high as the picture shows it.
const float VISITOR_Z = 2.5;
uniform float u_relief;
float fold(float s, float sharp, float soft) {
    float ridge = 1.0 - sqrt(s * s + soft * soft);
    return mix(0.5 + 0.5 * s, ridge * ridge * (1.0 + 0.6 * sharp) - 0.1, sharp);
}
// Single mounds, each in a cell of its own: bubbles that breathe, or spires. [0, 1].
float mounds(vec2 p) {
    vec2 i = floor(p), f = p - i - 0.5;
    float lot = hash_lattice(ivec3(i, 5));
    f -= 0.28 * (vec2(lot, fract(lot * 7.31)) - 0.5);
    float r2 = min(dot(f, f) / 0.128, 1.0), round_one = (1.0 - r2) * (1.0 - r2), sharp = 1.0 - sqrt(r2);
    return (0.25 + 0.75 * lot) * mix(round_one * (1.0 + 0.35 * sin(1.1 * u_phase + 20.0 * lot)), sharp * (0.4 + 0.6 * sharp), u_spikiness);
}
// A hill's profile over its radius 1.5: round, or drawn up to a peak.
float dome(vec2 from) {
    float r2 = dot(from, from), round_one = max(0.0, 1.0 - 0.44 * r2);
    return mix(round_one * round_one, exp(-2.9 * sqrt(r2 + 0.002)), u_spikiness);
}
float visitors_at(vec2 at) {
    float rise = 0.0;
    for (int who = 0; who < u_people; who++) {
        vec4 place = u_place[who];
        vec4 chest = u_joints[who * JOINTS + CHEST];
        vec2 stands = vec2(mix(place.x, chest.x, chest.w) * VISITOR_Z / LENS, VISITOR_Z);
        float most = place.w * 0.22 * place.z * (1.0 + 0.5 * u_welcome + 0.4 * u_pulse * beat(0.0));
        float hill = most * dome((at - stands) / vec2(0.95, 1.0));
        for (int n = 0; n < 3; n++) {
            vec4 one = u_joints[who * JOINTS + (n == 0 ? HEAD : (n == 1 ? LEFT_WRIST : RIGHT_WRIST))];
            float top = GROUND_EYE + (one.y - HORIZON) * VISITOR_Z / LENS, wide = n == 0 ? 1.15 : 0.55, high = n == 0 ? 0.9 : 1.3;
            vec2 from = (at - vec2(one.x * VISITOR_Z / LENS, VISITOR_Z + 0.2 * float(n))) / vec2(wide, 0.85);
            hill += one.w * place.w * (n == 0 ? 0.55 : 0.70) * clamp(top - hill, 0.0, high) * dome(from);
        }
        // Hands that move send rings over the land.
        float ring = length(at - stands);
        hill += (0.015 + 0.06 * u_self[who].z) * place.w * sin(7.0 * ring - 4.0 * u_phase) * exp(-0.8 * ring);
        rise += hill;
    }
    return rise;
}
float relief(vec2 at) {
    float far = smoothstep(1.0, 16.0, at.y);
    vec2 p = at + vec2(0.0, 0.32 * u_phase);
    p += u_twist * 0.5 * vec2(sin(0.35 * p.y), 0.0) * (0.4 + 0.25 * at.y);
    float sway = 0.25 * u_phase * (0.3 + u_turbulence);
    float strict = sin(2.1 * p.y + 0.8 * sin(0.7 * p.x + 0.3 * p.y));
    float free = swell3(vec3(p.x * 0.75, sway, p.y * 0.75)) * 1.3;
    float large = mix(free, strict, 0.55 * u_symmetry * (1.0 - u_spikiness));
    float height = fold(clamp(large, -1.0, 1.0), u_spikiness, 0.04 + 0.02 * at.y) * mix(0.10, 0.55, max(u_spikiness, 0.35 * u_spread)) * (1.0 + 1.4 * far);
    // Open land has a valley towards the horizon.
    height *= mix(1.0, smoothstep(0.0, 1.0, abs(at.x) / (0.6 + 0.35 * at.y)), 0.35 + 0.45 * u_spread);
    float grown = max(u_spikiness - 0.12, 0.55 * u_turbulence - 0.12);
    if (grown > 0.0) height += 0.62 * grown * mounds(p * 0.62) * smoothstep(0.8, 3.0, at.y) * (1.0 + far);
    float rough = swell3(vec3(p.x * 2.3, 1.7 * sway + 3.0, p.y * 2.3));
    height += fold(rough, 0.6 * u_spikiness, 0.1) * (0.018 + 0.16 * u_turbulence + 0.07 * u_spikiness) * exp(-0.16 * at.y);
    height += u_tremble * 0.012 * swell3(vec3(p.x * 9.0, 6.0 * u_phase, p.y * 9.0)) * (1.0 - far);
    height *= 1.0 - 0.35 * max(u_droop, 0.0) + 0.9 * max(-u_droop, 0.0);
    height *= 1.0 + 0.35 * u_pulse * beat(1.3 * at.y);
    return height * u_relief + visitors_at(at);
}
