// dust_fountain: joy: sparks that wind upwards round the figure and open like a cup. Needs dust/dust_of.
// s: the stage; lot: four numbers in [0, 1). Idea: five strands of a spiral whose radius grows as it climbs, thin and dense below,
// loose above; a fifth of the grains leave it and rise by themselves.
Dust dust_fountain(Stage s, vec4 lot) {
    Dust d;
    float strand = floor(lot.x * 5.0), loose = step(0.80, lot.z);
    d.life = fract(lot.y + u_phase * (0.035 + 0.015 * lot.w * loose));
    float l = d.life, up = 2.55 * s.size * l, turn = 1.2566371 * strand + 4.6 * l * (1.0 + 0.3 * u_twist) + 0.12 * u_phase;
    float wide = mix(max(s.wide, 0.20), 0.40, s.bust) * (0.62 + 2.3 * l * sqrt(l)) * mix(0.75, 1.15, u_spread);
    vec2 soft = (lot.zw - 0.5) * vec2(1.25, 1.0) * min(s.wide, 0.3) * (0.10 + 0.55 * l * l);
    d.home = vec3(s.chest.x + wide * cos(turn) + soft.x, s.ground + 0.02 + up + soft.y, 0.62 * wide * sin(turn));
    d.light = 0.55 + 0.65 * smoothstep(-0.3, 0.9, sin(turn)) + 0.5 * step(0.93, lot.w);
    d.firm = 0.8;
    if (loose > 0.5) {
        float own = fract(lot.x * 29.0) * 2.0 - 1.0;
        d.home = vec3(s.chest.x + own * (1.0 + 0.5 * l) + 0.06 * sin(3.0 * u_phase * 0.3 + 20.0 * lot.w), s.ground + up * 1.05, 1.2 * (lot.w - 0.6));
        d.firm = 0.4;
    }
    return d;
}
