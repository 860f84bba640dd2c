// dust_clots: disgust: lumps of every size that cling and hang, each with a thread that draws out slowly and ends in a drop.
// Needs dust/dust_of; KEY of light/shade. s: the stage; lot: four numbers in [0, 1).
// Idea: wrinkled drops of light and shade; larger ones have more grains, so all are equally dense.
Dust dust_clots(Stage s, vec4 lot) {
    Dust d;
    d.life = 0.5;
    d.firm = 1.0;
    // Sixteen lumps; the first ones are larger.
    float k = floor(16.0 * lot.x * lot.x), h = fract(k * 0.618034 + 0.17), g = fract(k * 0.7548777 + 0.4);
    float radius = s.wide * mix(0.52, 0.12, sqrt(k / 16.0)) * (0.85 + 0.3 * g), side = fract(k * 0.5) < 0.4 ? -1.0 : 1.0;
    vec2 at = s.head.xy + vec2(side * s.wide * (0.25 + 1.15 * h), -s.half_head * (0.1 + 4.4 * g * (0.5 + 0.5 * h)));
    at.y += 0.03 * sin(0.4 * u_phase + 5.0 * k);
    float long_by = s.size * (0.20 + 0.75 * g) * (0.72 + 0.28 * sin(0.23 * u_phase + 7.0 * h)), turn = 6.2831853 * lot.y;
    if (lot.z < 0.62) {
        float y = 1.0 - 2.0 * sqrt(lot.w), across = sqrt(max(1.0 - y * y, 0.0));
        // Front half: what faces away has no grains.
        vec3 n = normalize(vec3(across * cos(turn), y, abs(across * sin(turn)) + 0.1));
        float fold = 0.5 + 0.5 * sin(9.0 * n.y + 5.0 * sin(5.0 * n.x + 6.0 * h) + k);
        d.home = vec3(at, 0.10) + n * radius * (0.92 + 0.14 * fold) * vec3(1.0 - 0.25 * n.y, 1.12, 1.0);
        float key = max(dot(n, KEY) + 0.1, 0.0);
        d.light = (0.05 + 0.85 * key * sqrt(key)) * (0.35 + 0.75 * fold) + 0.9 * pow(max(dot(n, normalize(KEY + vec3(0.0, 0.0, 1.0))), 0.0), 34.0);
        return d;
    }
    float along = (lot.z - 0.62) / 0.38, drop = smoothstep(0.80, 0.86, along), x = 2.0 * lot.w - 1.0;
    float thick = radius * mix(0.34 * (1.0 - along) * (1.0 - along) + 0.05, 0.26 * sqrt(max(1.0 - pow((along - 0.92) / 0.085, 2.0), 0.0)), drop);
    d.home = vec3(at.x + thick * x + 0.02 * radius * sin(9.0 * along + k), at.y - radius - long_by * mix(along, 0.86 + 0.6 * radius * (along - 0.86) / max(long_by * 0.14, 1e-3), drop), 0.12);
    d.light = 0.30 + 0.25 * (1.0 - x) + 0.6 * drop * smoothstep(0.3, -0.5, x);
    return d;
}
