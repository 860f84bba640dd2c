// corona, corona_life: where a grain of dust belongs in the cloud round a visitor that has the form of the emotion. Needs lib/frame,
// form/fibonacci_way, motion/beat. who: 0 to u_people - 1; lot: four numbers in [0, 1). Gives a place round the origin,
// within about 2.5. life [0, 1]: how far the grain is on its way; what begins at 0 and is gone at 1 shows no leap.
// Idea: one cloud in four forms that flow into one another, for each grain keeps its lot: rays where there are thorns, rings
// that bud like petals where there is order, threads as of a willow where all hangs, clots that wind where there is neither.
float corona_life(vec4 lot) { return fract(lot.z * 7.0 + lot.w + u_phase * (0.05 + 0.06 * lot.w)); }
vec3 corona(int who, vec4 lot, float life) {
    float self = u_self[who].x, wild = 1.0 - u_symmetry, soft = lot.w + fract(lot.x * 53.0) - 1.0;
    float pulse = 1.0 + 0.30 * u_pulse * beat(self * 6.0 - 2.0 * lot.y);
    float reach = mix(0.42, 1.08, u_spread) * pulse * (1.0 + 0.30 * u_welcome);
    // A shell, and rays that share a way out.
    vec3 own = fibonacci_way(lot.x * 4096.0, 4096.0), ray = fibonacci_way(floor(lot.x * 38.0), 38.0);
    ray = normalize(ray + wild * 0.5 * sin(ray.yzx * 17.0));
    float thorn = smoothstep(0.25, 0.85, u_spikiness);
    float far = mix(0.72 + 0.25 * sqrt(lot.y), 0.16 + 1.30 * lot.y * sqrt(lot.y), thorn);
    vec3 p = normalize(mix(own, ray, 0.97 * thorn)) * far;
    p = mix(p, p + 0.035 * (own - ray), thorn);
    // Rings: three, with petals; they widen on their way where all rises.
    float angle = 6.2831853 * (lot.x + 0.012 * u_phase * (1.0 + lot.z)), ring = floor(3.4 * lot.y);
    float radius = 0.36 + 0.27 * ring + 0.045 * soft * (1.0 + ring);
    radius *= mix(1.0, 0.25 + 1.35 * life, smoothstep(0.3, 0.6, -u_droop));
    radius *= 1.0 + 0.17 * sin(5.0 * angle + 1.1 * ring + 0.15 * u_phase) * u_spread;
    float wave = 0.10 * sin(3.0 * angle + 1.7 * ring + 0.4 * u_phase) + 0.12 * soft * lot.z;
    vec3 disc = vec3(cos(angle) * radius, wave, sin(angle) * radius);
    float order = smoothstep(0.45, 0.78, u_symmetry) * (1.0 - smoothstep(0.5, 0.9, u_spikiness));
    p = mix(p, disc, order);
    // Threads: out of a crown, down.
    float hang = smoothstep(0.25, 0.8, u_droop), way = 2.39996323 * floor(lot.x * 56.0);
    float out_by = sqrt(fract(floor(lot.x * 56.0) * 0.618034)) * (0.35 + 0.65 * sqrt(life));
    vec3 thread = vec3(cos(way) * out_by, 0.75 - 0.55 * out_by * out_by - 2.1 * life * life, sin(way) * out_by);
    thread.xz += 0.018 * vec2(soft, lot.y - 0.5) + 0.05 * sin(thread.y * 3.0 + way + 0.7 * u_phase) * life;
    p = mix(p, thread, hang);
    // Clots on a wound way.
    float clot = smoothstep(0.72, 0.95, wild), knot = floor(lot.x * 11.0), bend = knot * 1.9 + self * 9.0;
    vec3 middle = vec3(sin(bend), 0.9 * sin(bend * 1.7 + 0.11 * u_phase), cos(bend * 1.3)) * (0.35 + 0.5 * fract(knot * 0.37));
    p = mix(p, middle + own * lot.y * (0.12 + 0.30 * fract(knot * 0.73)), 0.85 * clot);
    p *= mix(reach, 0.9, hang);
    p.y -= u_droop * (1.0 - hang) * (0.55 * life + 0.2 * dot(p.xz, p.xz));

    float wind = u_twist * (2.8 * length(p.xz) + 1.1 * p.y), c = cos(wind), s = sin(wind);
    p.xz = mat2(c, s, -s, c) * p.xz;
    // The disc leans towards the viewer, and sways.
    float lean = (0.50 + 0.10 * sin(0.21 * u_phase + self * 5.0)) * (1.0 - 0.8 * hang), e = cos(lean), f = sin(lean);
    p.yz = mat2(e, f, -f, e) * p.yz;
    float turn = 0.20 * sin(0.13 * u_phase + self * 4.0) * (1.0 - hang);
    p.xy = mat2(cos(turn), sin(turn), -sin(turn), cos(turn)) * p.xy;
    return p;
}
