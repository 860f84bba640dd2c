// dust_streams: calm: level drifts of dust that pass behind the figure and part a little before it. Needs dust/dust_of.
// s: the stage; lot: four numbers in [0, 1). Idea: mist over a field: few layers, at odd heights, denser below, which bend round what stands in them.
Dust dust_streams(Stage s, vec4 lot) {
    Dust d;
    float k = floor(lot.x * 11.0), h = fract(k * 0.618034);
    d.life = fract(lot.y + u_phase * (0.008 + 0.006 * h));
    float x = (2.0 * d.life - 1.0) * 2.1, level = mix(s.ground + 0.10, s.head.y + 2.2 * s.half_head, pow((k + 0.9 * h) / 11.0, 1.5));
    float from = (x - s.chest.x) / (2.2 * s.wide), off = level - s.chest.y;
    float y = level + 0.55 * s.wide * exp(-from * from) * clamp(off / s.size, -1.0, 1.0) + 0.014 * sin(2.3 * x + 4.0 * h + 0.2 * u_phase);
    d.home = vec3(x, y + (0.02 + 0.05 * h) * (lot.z + lot.w - 1.0), -0.55 + 0.25 * sin(1.7 * x + k));
    d.light = (0.16 + 0.40 * h * h) * smoothstep(0.0, 0.15, d.life);
    d.firm = 0.9;
    return d;
}
