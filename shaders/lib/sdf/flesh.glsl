// flesh: the relief of a body's skin in this emotion: thorned, running with drops, boiling, shivering. Needs lib/frame,
// noise/swell3. p: from the body's middle, scene units; size: the body's. Gives how far the skin stands out there, scene units,
// -0.08 to 0.12 of size. Idea: one lattice of cells; a cell's middle near the skin raises a cone (thorn) or a drop.
float cell(vec3 p) {
    // Every other layer is shifted by half a cell, so that no rows show.
    p.xz += 0.5 * mod(floor(p.y), 2.0);
    vec3 c = fract(p) - 0.5;
    return max(0.0, 1.0 - 2.0 * length(c));
}
float flesh(vec3 p, float size) {
    vec3 q = p / size;
    float out_by = 0.10 * u_turbulence * u_turbulence * swell3(q * 4.2 + vec3(0.0, -0.5 * u_phase, 0.3 * u_phase));
    if (u_spikiness > 0.15) {
        float thorn = cell(q * 4.2 + 0.3 * swell3(q * 1.7));
        out_by += (u_spikiness - 0.15) * 0.14 * thorn;
    }
    if (u_droop > 0.05) {
        float drop = cell(q * vec3(5.5, 1.5, 5.5) + vec3(0.0, 0.5 * u_phase, 0.0));
        out_by += u_droop * 0.11 * drop * drop * (3.0 - 2.0 * drop);
    }
    if (u_tremble > 0.05) out_by += u_tremble * 0.006 * swell3(q * 19.0 + 7.0 * u_phase);
    return out_by * size;
}
