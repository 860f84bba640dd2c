// corona: where a grain of dust belongs in the cloud round a visitor that has the form of the emotion. Needs lib/frame,
// form/fibonacci_way, motion/beat. who: 0 to u_people - 1; lot: four numbers in [0, 1). Gives a place in scene units within
// about 2.2 of u_place[who].z; in life how far the grain is on its way, [0, 1]: it begins at 0 and must be gone at 1.
// Idea: three forms of one cloud. Order lays it into a disc of rings, spread opens it, spikes gather it into rays, droop lets
// it fall in threads (or rise), twist winds it; each grain keeps its lot, so that one form flows into the next.
vec3 corona(int who, vec4 lot, out float life) {
    vec4 place = u_place[who];
    float self = u_self[who].x, wild = 1.0 - u_symmetry;
    // Rays: grains share a way out.
    float rays = 44.0, ray = floor(lot.x * rays);
    vec3 own = fibonacci_way(lot.x * 4096.0, 4096.0), shared = fibonacci_way(ray, rays);
    shared = normalize(shared + wild * 0.5 * sin(ray * vec3(12.9, 78.2, 37.7)));
    vec3 way = normalize(mix(own, shared, smoothstep(0.05, 0.85, u_spikiness) * 0.985));
    float shell = mix(0.80 + 0.20 * sqrt(lot.y), 0.10 + 1.25 * lot.y * lot.y, u_spikiness);
    float reach = mix(0.48, 1.05, u_spread) * (1.0 + 0.30 * u_pulse * beat(self * 6.0 - 2.0 * lot.y)) * (1.0 + 0.30 * u_welcome);
    vec3 p = way * shell * reach;
    // Order: a disc of rings that is seen from above its edge.
    float angle = 6.2831853 * (lot.x + 0.07 * u_phase * (0.4 + lot.w)), ring = floor(3.0 * lot.y + lot.z * 0.35);
    float radius = (0.42 + 0.36 * ring + 0.10 * (lot.z - 0.5)) * reach * (1.0 + 0.06 * sin(5.0 * angle + self * 6.0));
    vec3 disc = vec3(cos(angle) * radius, 0.10 * (lot.w - 0.5) + 0.07 * sin(3.0 * angle + u_phase * 0.3), sin(angle) * radius);
    p = mix(p, disc, smoothstep(0.35, 1.0, u_symmetry) * (1.0 - 0.9 * u_spikiness) * 0.85);
    // What clots where there is no order.
    p += wild * wild * 0.35 * sin(vec3(3.1, 4.7, 2.9) * p.yzx + self * 9.0 + 0.23 * u_phase);
    float wind = u_twist * (2.6 * length(p.xz) + 1.2 * p.y), c = cos(wind), s = sin(wind);
    p.xz = mat2(c, s, -s, c) * p.xz;
    // The disc leans towards the viewer, and sways.
    float lean = 0.42 + 0.10 * sin(0.21 * u_phase + self * 5.0), e = cos(lean), f = sin(lean);
    p.yz = mat2(e, f, -f, e) * p.yz;
    float turn = 0.22 * sin(0.13 * u_phase + self * 4.0);
    p.xy = mat2(cos(turn), sin(turn), -sin(turn), cos(turn)) * p.xy;
    // Falling or rising in threads: each grain has its own time.
    life = fract(lot.z * 7.0 + lot.w + u_phase * (0.05 + 0.06 * lot.w));
    p.y -= u_droop * (1.25 * life + 0.25 * dot(p.xz, p.xz));
    p.xz *= 1.0 - 0.25 * abs(u_droop) * life * sign(u_droop);
    return vec3(place.xy, 0.0) + p * place.z * 1.05;
}
