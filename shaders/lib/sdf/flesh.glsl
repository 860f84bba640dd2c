// flesh: the relief of a body's skin in this emotion: running with drops, boiling, shivering. Needs lib/frame,
// noise/swell3. p: from the body's middle, scene units; size: the body's. Range: how far the skin stands out there,
// scene units, -0.08 to 0.12 of size. Idea: one lattice of cells; a cell's middle near the skin raises a drop.
float drops(vec3 p) {
    // Every other layer is shifted by half a cell, so that no rows show.
    p.xz += 0.5 * mod(floor(p.y), 2.0);
    vec3 c = fract(p) - 0.5;
    return max(0.0, 1.0 - 2.0 * length(c));
}
float flesh(vec3 p, float size) {
    vec3 q = p / size;
    float out_by = 0.10 * u_turbulence * u_turbulence * swell3(q * 4.2 + vec3(0.0, -0.5 * u_phase, 0.3 * u_phase));
    if (u_droop > 0.05) {
        float drop = drops(q * vec3(5.5, 1.5, 5.5) + vec3(0.0, 0.5 * u_phase, 0.0));
        out_by += u_droop * 0.11 * drop * drop * (3.0 - 2.0 * drop);
    }
    if (u_tremble > 0.05) out_by += u_tremble * 0.006 * swell3(q * 19.0 + 7.0 * u_phase);
    return out_by * size;
}
// teeth: thorns in rows along a limb; t as from sdf/swept, p and size as above. Range: 0 to 0.2 of size. Idea: sharp
// waves along the limb, broken all round by the space they stand in, so that no ring closes.
float teeth(vec3 p, float t, float size) {
    if (u_spikiness < 0.15) return 0.0;
    vec3 w = parabolic(p * (5.0 / size));
    float saw = abs(2.0 * fract(6.5 * t + 0.22 * (w.x + w.y)) - 1.0), row = 1.0 - saw;
    return (u_spikiness - 0.15) * 0.24 * size * row * row * (0.45 + 0.55 * w.x * w.z) * smoothstep(0.0, 0.15, t) * (1.0 - 0.6 * t);
}
