// dust_burst: surprise: one clear ring springs from the head, with rays outside it and nothing inside. Needs dust/dust_of, motion/beat.
// s: the stage; lot: four numbers in [0, 1). Idea: the ring stands, thin and bright, breathing with the beat; the rays fly off it, and
// now and then a fainter ring leaves it. The figure is dark before the emptiness.
Dust dust_burst(Stage s, vec4 lot) {
    Dust d;
    vec2 middle = vec2(s.head.x, mix(s.head.y, min(s.head.y, 0.10), 0.75));
    float ring = mix(0.66, 0.80, s.bust) * mix(0.7, 1.0, u_spread) * (1.0 + 0.10 * u_pulse * beat(0.0) + 0.25 * u_welcome), turn = 6.2831853 * lot.x;
    d.firm = 1.0;
    d.life = 0.5;
    float away = ring + 0.016 * (lot.w + lot.y - 1.0) * (1.0 + 2.0 * step(0.9, lot.y));
    d.light = 1.15;
    if (lot.z > 0.48) {
        float k = floor(lot.x * 72.0), h = fract(k * 0.618034);
        turn = 6.2831853 * (k + 0.9 * fract(k * 0.7548777) + 0.16 * (lot.w - 0.5)) / 72.0;
        d.life = fract(lot.y + u_phase * 0.10);
        away = ring * 1.07 + d.life * (0.12 + 0.85 * h * h);
        d.light = 0.95 * (1.0 - d.life * 0.75) * smoothstep(0.0, 0.06, d.life);
    }
    if (lot.z > 0.86) {
        turn = 6.2831853 * lot.x;
        d.life = fract(u_phase * 0.09);
        away = ring * (1.0 + 1.1 * d.life) + 0.01 * (lot.w - 0.5);
        d.light = 0.5 * (1.0 - d.life);
    }
    d.home = vec3(middle + away * vec2(cos(turn), sin(turn)), -0.10 + 0.05 * (lot.w - 0.5));
    return d;
}
