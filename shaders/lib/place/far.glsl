// place_far: what is behind everything at a place, without the floor and the visitors' lights: sky, and far land before it, layer by layer.
// Needs lib/frame, noise/swell3, noise/hash, place/mood, floor, sun, ridge, ring, sky, hung, trunks, swamp. at: scene units, above the horizon; sun: see
// place/sun; lot: three numbers of this scene's room, [0, 1). Range: linear RGB, [0, inf).
// Idea: what is farther is paler and takes the air's colour, mist lies at each layer's foot, the nearest is dark and frames what is lit.
vec3 place_far(vec2 at, vec3 sun, PlaceMood m, vec3 lot) {
    float up = at.y - place_horizon_y(), away = distance(at, sun.xy);
    vec3 air = place_air(m), light = place_sky(at, air, sun, m, lot);
    light = place_hung(at, light, m, lot);
    vec3 rim = mix(u_palette[2], u_palette[3], 0.35) * (0.16 * m.calm + 0.85 * m.hard + 0.55 * m.open + 0.12 * m.murk + 0.10 * m.weep + 0.10 * m.burst) * exp(-1.8 * away);
    for (int n = 0; n < 2; n++) {
        float near = float(n), high = place_ridge(at.x, sun, m, near, 9.0 * lot.y + 4.0 * lot.z), under = high - up, soft = mix(0.045, 0.030, near) + 0.02 * u_fog;
        vec3 ink = mix(light * 0.30 + air * 0.28, air * 0.10 + u_palette[0], near) * (1.0 - (0.62 - 0.10 * near) * m.hard - 0.25 * m.murk);
        ink = mix(ink, air * (0.62 - 0.2 * near) + 0.4 * rim, exp(-mix(9.0, 16.0, near) * max(up, 0.0)) * (0.80 - 0.45 * m.hard));
        ink += rim * exp(-max(under, 0.0) / mix(0.05, 0.035, near)) * mix(0.45, 0.7, near);
        light = mix(light, ink, smoothstep(-soft, soft, under) * (1.0 - m.hide));
    }
    if (m.hard > 0.0) {
        // Fire runs along the foot of the ridge.
        float along = smoothstep(-0.5, 0.7, swell3(vec3(1.7 * at.x + 7.0 * lot.x, 2.0, 0.2 * u_phase))) * (0.6 + 0.4 * swell3(vec3(4.1 * at.x, 0.6 * u_phase, 2.0)));
        light += m.hard * mix(u_palette[2], u_palette[3], 0.5) * along * (0.28 * exp(-22.0 * abs(up)) + 0.10 * exp(-6.0 * max(up, 0.0)));
    }
    if (m.weep > 0.0) {
        // One lamp, a long way off, on the dark shore: where the second light of the forms comes from.
        vec2 lamp = at - place_lamp(lot);
        float here = dot(lamp, lamp);
        light += m.weep * u_counter * (1.9 * exp(-700.0 * here) + 0.20 * exp(-40.0 * here) + 0.05 * exp(-5.0 * here));
    }
    if (m.hide > 0.0) {
        // A forest before one cold gap of light: the nearer its trunks, the darker and the wider apart.
        float gap = at.x - sun.x, far = place_trunks(at.x + 5.0 * lot.y, up, 0.23, 0.17, 0.022, lot.x) * smoothstep(0.03, 0.12, abs(gap)), middle = place_trunks(at.x + 3.0 * lot.z, up, 0.52, 0.15, 0.026, lot.y) * smoothstep(0.10, 0.24, abs(gap));
        float near = place_trunks(at.x + 7.0 * lot.x, up + 0.3, 1.05, 0.16, 0.035, lot.z) * smoothstep(0.30, 0.50, abs(gap));
        vec3 mist = u_counter * 0.055 * exp(-2.0 * abs(gap)) * exp(-2.0 * up);
        light = mix(light, light * 0.22 + mist, m.hide * far);
        light = mix(light, u_palette[0] + u_palette[1] * 0.10 + mist, m.hide * middle);
        light = mix(light, 0.6 * u_palette[0], m.hide * near * 0.95);
        // Its crowns shut the sky out.
        light *= 1.0 - 0.85 * m.hide * smoothstep(0.75, 1.35, up + 0.12 * swell3(vec3(1.9 * at.x, 3.0 * lot.x, 1.0)) + 0.25 * abs(gap));
    }
    if (m.murk > 0.0) light = mix(light, u_palette[0] + u_palette[1] * 0.04 + air * 0.10 * exp(-5.0 * max(up, 0.0)), 0.92 * m.murk * place_swamp(at, up, lot));
    return light;
}
