// dust_spears: anger: jagged bundles that thrust outwards from the figure. Needs dust/dust_of, motion/beat.
// s: the stage; lot: four numbers in [0, 1). Idea: a fan of diagonals of unequal length, each bent sharply like a bolt, thin and
// brightest at its point; grains run along it, so they are drawn out as needles, and all are driven by the beat.
Dust dust_spears(Stage s, vec4 lot) {
    Dust d;
    float k = floor(lot.x * 13.0), h = fract(k * 0.618034), g = fract(k * 0.4142 + 0.3);
    float turn = mix(-0.62, 3.76, (k + 0.25 + 0.5 * h) / 13.0), along = fract(lot.y + u_phase * (0.05 + 0.05 * g));
    float far = s.size * mix(0.75, 1.85, g * g) * mix(0.8, 1.15, u_spread) * (1.0 + 0.22 * u_pulse * beat(3.0 * h));
    vec2 way = vec2(cos(turn), sin(turn)), across = vec2(-way.y, way.x);
    // Bolts: straight pieces with sharp bends.
    float bend = abs(fract(along * (2.5 + 2.0 * h) + h) - 0.5) * 2.0 - 0.5, thin = (1.0 - along) * (0.25 + 0.75 * (1.0 - along));
    vec2 at = s.chest.xy + vec2(0.0, 0.5 * s.wide) + way * (0.75 * s.wide + far * along);
    at += across * (0.085 * s.size * bend * along * (1.3 - along) + (0.28 * s.wide * (lot.z - 0.5)) * thin);
    d.home = vec3(at, -0.30 + 0.9 * (h - 0.4) * along + 0.12 * (lot.w - 0.5) * thin);
    d.life = along;
    d.light = 0.35 + 1.1 * along * along * along + 0.25 * step(0.8, lot.w);
    d.firm = 1.0;
    return d;
}
