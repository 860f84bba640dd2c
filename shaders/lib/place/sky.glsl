// place_sky, place_air: the sky of the room at a place: vapour that is brightest over the far shore, banks of cloud, the light that stands in it.
// Needs lib/frame, noise/swell3, place/mood, floor, ring. at: scene units, above the horizon; sun: see place/sun; lot: three numbers of the room, [0, 1).
// Range: linear RGB, [0, inf). place_air is the vapour over the shore: what far land is lost in. Idea: one sky, whose light each kind of place sets.
vec3 place_air(PlaceMood m) {
    float share = 0.30 * m.calm + 0.26 * m.weep + 0.17 * m.hard + 0.02 * m.hide + 0.34 * m.open + 0.07 * m.burst + 0.17 * m.murk;
    vec3 second = u_counter * (0.030 * m.hide + 0.020 * m.weep + 0.022 * m.burst);
    return u_palette[0] + u_palette[1] * (0.55 - 0.15 * m.hide + 0.35 * m.burst) + u_palette[2] * share + second;
}
vec3 place_sky(vec2 at, vec3 air, vec3 sun, PlaceMood m, vec3 lot) {
    float up = max(at.y - place_horizon_y(), 0.0), wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    vec2 off = at - sun.xy;
    float away = length(off), still = 0.03 * u_phase;
    vec3 body = u_palette[2], tip = u_palette[3];
    // Cloud lies in level banks, drawn out, smaller towards the horizon.
    float rise = up / (0.35 + up), drift = swell3(vec3(0.8 * at.x + 7.0 * lot.x + still, 4.2 * rise + 3.0 * lot.z, still));
    float bank = swell3(vec3(1.3 * at.x + 0.9 * drift + 7.0 * lot.y + 1.6 * still, 9.0 * rise + 0.7 * drift, 2.0 + still)), cloud = smoothstep(-0.35, 0.75, bank + 0.5 * drift);
    float band = exp(-up * (1.5 + 0.8 * m.hard + 1.2 * m.burst + 0.6 * m.weep + 0.9 * m.murk));
    vec3 high = u_palette[0] + u_palette[1] * (0.24 + 0.20 * m.calm - 0.08 * m.murk + 0.25 * m.burst) * (1.0 - 0.6 * m.hide) + u_counter * (0.035 * m.calm + 0.10 * m.open + 0.012 * m.weep);
    vec3 light = mix(high, air, band);
    light *= 1.0 + (0.42 * (cloud - 0.4) + 0.16 * drift) * (1.0 - 0.4 * m.burst);
    // The light in it, and the clouds' sides that it lies on.
    float halo = 0.46 * m.calm + 0.14 * m.weep + 1.45 * m.hard + 0.66 * m.open + 0.85 * m.murk;
    vec3 glow = mix(body, tip, 0.30 + 0.30 * m.calm + 0.12 * m.open + 0.08 * m.hard);
    light += glow * halo * (0.34 * exp(-1.9 * away) + 0.60 * exp(-7.0 * away * away)) * (0.70 + 0.75 * cloud * (1.0 - 0.5 * m.calm));
    float veiled = 1.0 - 0.45 * smoothstep(0.2, 0.9, cloud), disc = smoothstep(sun.z + 0.05, sun.z - 0.05, away) * veiled;
    float shines = 1.05 * m.calm + 1.90 * m.hard + 1.55 * m.open + 1.00 * m.murk;
    light += mix(body, tip, 0.6) * 0.20 * shines * exp(-9.0 * max(away - sun.z, 0.0)) * veiled;
    light = mix(light, light * 0.6 + mix(body, tip, 0.75 - 0.15 * m.hard) * shines * mix(0.65, 1.15, smoothstep(-sun.z, sun.z, off.y)) * (1.15 - 0.35 * min(away / sun.z, 1.0)), disc * min(2.0 * shines, 0.92));
    if (m.open > 0.0) {
        // High bright clouds, lit from below, in a cool sky.
        float wisps = swell3(vec3(2.3 * at.x - 3.0 * rise + 1.2 * drift + still, 15.0 * rise + 2.0 * at.x + bank, 1.0)), lit = smoothstep(-0.25, 0.95, 0.55 * bank + 0.35 * drift + 0.55 * wisps) * smoothstep(0.20, 0.85, up);
        light += m.open * mix(tip, u_counter, 0.20 + 0.5 * smoothstep(0.6, 1.6, away)) * 0.26 * lit * exp(-0.5 * away);
    }
    if (m.weep > 0.0) {
        // Rain hangs out of the clouds in slanting veils.
        float veil = swell3(vec3(2.6 * at.x + mix(0.5, 1.3, lot.z) * at.y + 9.0 * lot.y, 0.35 * at.y + 0.25 * u_phase, 4.0)), fine = swell3(vec3(9.0 * at.x + 3.0 * at.y, 0.5 * at.y + 0.9 * u_phase, 1.0));
        light += m.weep * (body * 0.10 * (veil + 0.35 * fine) * (0.4 + band) + mix(body, tip, 0.4) * 0.16 * exp(-9.0 * off.y * off.y - 0.8 * off.x * off.x) * (0.6 + 0.4 * cloud));
    }
    if (m.burst > 0.0) light += m.burst * place_ring(at, sun.xy, lot);
    if (m.hide > 0.0) light += m.hide * u_counter * ((0.55 * exp(-14.0 * off.x * off.x) + 1.25 * exp(-60.0 * off.x * off.x)) * exp(-1.4 * up) + 0.06 * exp(-1.7 * abs(off.x))) * (0.75 + 0.4 * drift);
    // A cool light from the other side: what draws the forms' far rims.
    light += u_counter * (0.07 * m.hard + 0.05 * m.murk) * exp(-2.2 * length(at - vec2(1.05 * wide, place_horizon_y() + 0.85)));
    // The picture's upper corners are dark.
    light *= 1.0 - 0.45 * smoothstep(0.55, 1.35, length(vec2(at.x / wide, 0.75 * at.y)));
    return max(light, 0.0);
}
