// dust_cage: fear: bars in front of a figure that hides, and a swarm that presses on it from all sides. Needs dust/dust_of.
// s: the stage; lot: four numbers in [0, 1). Idea: hatching, as in a drawing: upright strokes that shake, and strokes that all
// point at the one in the middle and stop short of them.
Dust dust_cage(Stage s, vec4 lot) {
    Dust d;
    d.life = 0.5;
    d.firm = 1.0;
    if (lot.z < 0.42 * (1.0 - s.bust)) {
        float k = floor(lot.x * 15.0), h = fract(k * 0.618034), wide = max(1.75 * s.wide, 0.30);
        float x = (k / 14.0 - 0.5) * 2.0 * wide, top = s.head.y + s.half_head * (1.35 + 0.6 * h), low = s.ground + 0.25 * s.size * fract(k * 0.77);
        float run = fract(lot.y + u_phase * (0.05 + 0.03 * h)), y = mix(top, low, run);
        d.home = vec3(s.chest.x + x + (h - 0.5) * 0.16 * wide * (run - 0.5) + 0.010 * sin(9.0 * y + 5.0 * k), y, 0.30 * cos(1.5 * x / wide) + 0.05);
        d.light = 0.45 + 0.9 * smoothstep(0.1, 0.4, run) * h;
        d.life = run;
        return d;
    }
    float k = floor(lot.x * 84.0), h = fract(k * 0.618034), turn = 6.2831853 * (k + 0.6 * h) / 84.0;
    float press = 0.5 + 0.5 * sin(0.9 * u_phase + 11.0 * h), inner = s.size * (0.98 + 0.40 * fract(k * 0.377) - 0.10 * press * u_pulse);
    d.life = fract(lot.y + u_phase * 0.06);
    float along = 1.0 - d.life, away = inner + along * along * s.size * (0.5 + 0.9 * h);
    d.home = vec3(s.chest.xy + vec2(1.12 * cos(turn), 0.94 * sin(turn)) * away + 0.008 * (lot.zw - 0.7), -0.15 + 0.35 * sin(3.0 * k));
    d.light = 0.85 * (1.0 - 0.8 * along);
    return d;
}
