// place_curtain, Cloth: the cloth of a stage at a place: how far it hides what is behind, and how it lies in folds. Needs lib/frame, place/mood, place/ridge (wave1, crag1).
// x: across, from the middle of the stage; v: over the hem; head: how high the picture ends over it; wide: half its width; scene units; lot: three
// numbers of the room, [0, 1). Range: hides [0, 1]; fold: along the folds, one each, (-inf, inf), continuous.
// Idea: each kind of place has hung its cloth otherwise: drawn apart and tied, torn, all but shut, in long straight lengths, in rotten swags.
struct Cloth { float hides, fold; };
Cloth with_cloth(Cloth sum, float share, float hides, float fold) { return Cloth(sum.hides + share * hides, sum.fold + share * fold); }
// What of a cloth is left where two halves stand so far apart; folds run with its edge.
float cloth_apart(float side, float gap, float soft) { return smoothstep(-soft, soft, side - gap); }
float cloth_gathered(float side, float gap, float wide, float folds) { return folds * (side - gap) / max(wide * 1.05 - gap, 0.12); }
Cloth place_curtain(float x, float v, float head, float wide, PlaceMood m, vec3 lot) {
    float side = abs(x), one = x < 0.0 ? -1.0 : 1.0;
    Cloth cloth = Cloth(0.0, 0.0);
    if (m.calm > 0.0) cloth = with_cloth(cloth, m.calm, 1.0, 3.1 * x + 0.30 * wave1(2.1 * x + 4.0 * lot.y) + 0.10 * v * wave1(1.7 * x));
    if (m.weep > 0.0) cloth = with_cloth(cloth, m.weep, 1.0, 6.3 * x + 0.42 * wave1(2.7 * x + 4.0 * lot.y) + 0.14 * wave1(0.9 * v + 1.3 * x));
    if (m.burst > 0.0) cloth = with_cloth(cloth, m.burst, 1.0, 4.2 * x + 0.25 * wave1(1.9 * x + 4.0 * lot.z));
    if (m.open > 0.0) {
        // Tied at the side; above it hangs in a bow to the middle, below it falls straight.
        float up = clamp((v - 0.34) / max(head - 0.30, 0.3), 0.0, 1.0), tied = exp(-28.0 * (v - 0.34) * (v - 0.34));
        float gap = wide * (mix(0.74, 0.30, up * sqrt(up)) + 0.035 * tied * (1.0 + 0.4 * one * lot.y) - 0.05 * smoothstep(0.34, 0.0, v));
        cloth = with_cloth(cloth, m.open, cloth_apart(side, gap, 0.034), cloth_gathered(side, gap, wide, 2.6) * one + 0.12 * wave1(2.0 * v + one));
    }
    if (m.hard > 0.0) {
        // Two torn halves, shreds at their hem, and rents in them.
        float bent = v + 0.3 * lot.x + 0.6 * one, gap = wide * (0.13 + 0.20 * smoothstep(1.3, 0.0, v)) + 0.20 * crag1(1.35 * bent) + 0.07 * crag1(4.1 * bent + x) - 0.10;
        float hem = 0.05 + 0.34 * crag1(2.3 * x + 3.0 * lot.y) * crag1(0.9 * x + lot.z) + 0.10 * crag1(6.7 * x), lean = 1.9 * x + 0.55 * v + 3.0 * lot.z;
        float rent = smoothstep(0.17, 0.06, abs(fract(lean) - 0.5) + 0.55 * abs(v - 0.55 - 0.3 * wave1(2.0 * floor(lean)))) * step(0.25, fract(0.618 * floor(lean)));
        cloth = with_cloth(cloth, m.hard, cloth_apart(side, gap, 0.032) * smoothstep(-0.03, 0.04, v - hem) * (1.0 - rent), cloth_gathered(side, 0.6 * gap, wide, 4.2) * one + 0.20 * wave1(2.6 * v + 2.0 * one));
    }
    if (m.hide > 0.0) {
        float gap = 0.040 + 0.10 * smoothstep(0.9, 0.0, v) + 0.012 * wave1(3.1 * v + 0.4 * u_phase);
        cloth = with_cloth(cloth, m.hide, cloth_apart(side, gap, 0.034), cloth_gathered(side, gap, wide, 5.0) * one + 0.16 * wave1(1.6 * v + x));
    }
    if (m.murk > 0.0) {
        // Swags that sag from three nails, and what is left of the cloth between.
        float cell = x / (0.80 * wide) + 0.5 + 0.24 * (lot.x - 0.5), c = fract(cell) - 0.5, n = floor(cell), sag = 1.0 - 4.0 * c * c;
        float long_ = 0.30 + (0.30 + 0.12 * wave1(2.3 * n + 4.0 * lot.y)) * sag, down = head - v;
        float strand = 0.5 + 0.5 * wave1(9.7 * x + 0.5 * wave1(3.3 * v)), drip = 0.06 * strand + (0.20 + 0.16 * wave1(2.9 * x)) * strand * strand;
        float tail = 1.0 - smoothstep(0.04, 0.10, 0.5 - abs(c) - 0.05 * wave1(4.0 * v + n) * smoothstep(0.3, 1.0, down)), ends = 0.95 + 0.25 * wave1(1.9 * n + 3.0) + drip;
        float hides = max(smoothstep(0.08, -0.08, down - long_ - drip), tail * smoothstep(0.07, -0.07, down - ends));
        cloth = with_cloth(cloth, m.murk, hides, mix(3.4 * down / long_, 4.5 * x, tail) + 0.2 * wave1(3.0 * x + 2.0 * v));
    }
    return cloth;
}
