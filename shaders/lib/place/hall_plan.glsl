// HallPlan, hall_plan, hall_eye: the measures of the hall in a mood, and where its lines meet. Needs lib/frame, place/mood, place/floor. lot: three numbers of the room, [0, 1).
// Range: scene units at depth 1; wide: half of it, high: over the eye, deep: how many times as far as who stands there the far end is, bay: how long one is, arch: half an arch in bays,
// spring: where arches spring, over the eye, vault: 2 a round one to 5 nearly flat. Idea: the moods' measures mixed by their shares.
struct HallPlan { float wide, high, deep, bay, arch, spring, vault; };
HallPlan hall_plan(PlaceMood m) {
    float share[7] = float[7](m.calm, m.weep, m.hard, m.hide, m.open, m.burst, m.murk), sum = 1e-3;
    // half width, height over the eye, depth, a bay's length; half an arch in bays, where it springs, the vault's roundness
    const vec4 SIZE[7] = vec4[7](vec4(1.55, 1.75, 4.2, 0.95), vec4(1.05, 2.30, 6.5, 0.80), vec4(1.60, 2.00, 4.6, 1.00), vec4(0.62, 1.15, 8.5, 1.10), vec4(1.75, 1.60, 3.0, 0.90), vec4(2.10, 2.05, 3.6, 0.75), vec4(1.40, 1.02, 6.0, 1.05));
    const vec3 FORM[7] = vec3[7](vec3(0.30, 0.95, 5.0), vec3(0.24, 1.30, 2.4), vec3(0.31, 0.95, 3.5), vec3(0.10, 1.05, 3.0), vec3(0.37, 0.95, 4.0), vec3(0.30, 0.80, 2.0), vec3(0.36, 0.42, 2.2));
    vec4 size = vec4(0.0);
    vec3 form = vec3(0.0);
    for (int n = 0; n < 7; n++) {
        size += share[n] * SIZE[n];
        form += share[n] * FORM[n];
        sum += share[n];
    }
    size = mix(SIZE[0], size / sum, min(sum, 1.0));
    form = mix(FORM[0], form / sum, min(sum, 1.0));
    return HallPlan(size.x, size.y, size.z, size.w, form.x, form.y, form.z);
}
vec2 hall_eye(PlaceMood m, vec3 lot) {
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y), behind = 0.8 * place_focus_x();
    float aside = mix(-0.16, -0.34, lot.x) * wide;
    return vec2(mix(mix(aside, mix(0.26, 0.40, lot.x) * wide, m.hide), behind, m.burst), place_horizon_y() + 0.10 * m.murk);
}
