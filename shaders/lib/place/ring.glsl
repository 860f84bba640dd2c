// place_ring: light that stands behind who is surprised: a ring in haze, a round opening full of light, or broad soft beams. Needs lib/frame,
// noise/swell3, place/floor. at: scene units; lot: three numbers of the room, [0, 1). Range: [0, 1]. Idea: no line anywhere: haze takes up the light unevenly.
float place_ring(vec2 at, vec3 lot) {
    vec2 from = at - vec2(0.8 * place_focus_x() + 0.30 * (lot.x - 0.5), 0.02 + 0.22 * lot.z);
    float turn = atan(from.x, from.y), haze_ = 0.70 + 0.45 * swell3(vec3(at * 1.5 + 0.05 * u_phase, 4.0 * lot.x + 0.06 * u_phase));
    float radius = 0.80 + 0.30 * lot.z + 0.04 * sin(0.6 * u_phase), off = length(from) - radius;
    if (lot.y < 0.40) return haze_ * (off < 0.0 ? exp(-26.0 * off * off) : exp(-5.5 * off)) * (0.75 + 0.35 * sin(turn + 6.0 * lot.z)) * 0.85;
    if (lot.y < 0.70) return haze_ * (smoothstep(0.34, -0.40, off) * (0.26 + 0.42 * smoothstep(-0.9, 0.1, off + 0.25 * from.y)) + 0.22 * exp(-3.0 * max(off, 0.0)));
    float beams = swell3(vec3(2.2 * sin(turn), 2.2 * cos(turn), 3.0 * lot.z + 0.04 * u_phase)) + 0.6 * swell3(vec3(5.0 * sin(turn), 5.0 * cos(turn), 7.0 * lot.x));
    // In the middle they are one light.
    float away = length(from), apart = smoothstep(0.05, 0.70, away);
    return haze_ * (0.72 * mix(0.6, smoothstep(-0.6, 1.1, beams), apart) * exp(-1.1 * away) + 0.30 * exp(-3.0 * away * away));
}
