// dust_veil: sadness: a weeping veil. Drops run from crown and shoulders and fall in threads, and down the cheeks. Needs dust/dust_of.
// s: the stage; lot: four numbers in [0, 1). Idea: a shroud in the outline of head and shoulders, and a wider one like a bell round it;
// a drop leaves slowly and falls ever faster, so threads are beaded above and torn below.
Dust dust_veil(Stage s, vec4 lot) {
    Dust d;
    float k = floor(lot.x * 120.0), turn = 2.39996323 * k, part = fract(k * 0.3717), H = s.half_head;
    d.life = fract(lot.y + u_phase * (0.055 + 0.03 * fract(k * 0.618)));
    float fall = d.life * d.life * (0.4 + 0.6 * d.life), top = s.head.y + 1.16 * H, y = mix(top, s.ground - 0.06, fall);
    d.light = 0.75 + 0.55 * fract(k * 0.773);
    d.firm = 1.0;
    if (part < 0.16) {
        // Tears.
        float side = fract(k * 0.5) < 0.5 ? -1.0 : 1.0, own = 0.17 * (fract(k * 0.911) - 0.5);
        fall = pow(d.life, 1.25);
        y = mix(s.head.y - 0.12 * H, s.ground, fall);
        float run = clamp((s.head.y - y) / H, 0.0, 1.6);
        d.home = vec3(s.head.x + H * (side * (0.36 + 0.10 * sin(2.2 * run)) + own), y, 0.80 * H * (1.0 - 0.25 * run));
        d.light = 1.2;
        return d;
    }
    float below = (s.head.y - y) / H;
    // No halo over the head.
    d.light *= smoothstep(-0.9, 0.4, below);
    if (part < 0.62) {
        float round_head = 0.98 * H * sqrt(clamp(1.0 - below * below * 0.72, 0.0, 1.0)), shoulders = s.wide * (1.10 + 0.05 * max(below - 2.0, 0.0));
        float wide = mix(round_head, shoulders, smoothstep(0.55, 1.95, below)) + 0.06 * H;
        d.home = vec3(s.head.x + wide * sin(turn), y, wide * cos(turn) * 0.75);
    } else {
        float out_by = (1.25 + 0.95 * fract(k * 0.618)) * max(s.wide, 0.30) * (1.0 - 0.35 * s.bust), open = sqrt(clamp(4.0 * fall, 0.0, 1.0));
        d.home = vec3(s.head.x + out_by * open * sin(turn), mix(top + 0.35 * H, y, open), out_by * open * cos(turn) * 0.8);
        d.light *= 0.62;
    }
    d.home.xz += 0.010 * sin(vec2(7.0, 5.0) * y + turn + 0.5 * u_phase) * (0.4 + d.life) + 0.012 * H * (lot.zw - 0.5);
    return d;
}
