// place_wall: the air and the back of the room at a place, without the floor and the visitors' lights.
// Needs lib/frame, noise/swell3, motion/there_and_back, place/mood, floor, window, ajar, shafts, ring. at: scene units; below the horizon it goes on;
// lot: three numbers of this scene's room, [0, 1). Range: linear RGB, [0, inf).
// Idea: one soft composition for each kind of place (place_mood), all of them always there in their share; where its lights are, the lots say.
vec3 place_wall(vec2 at, PlaceMood m, vec3 lot) {
    float up = at.y - place_horizon_y(), wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    vec3 deep = u_palette[1], body = u_palette[2], tip = u_palette[3];
    vec2 elsewhere = 7.0 * lot.xy;
    float drift = swell3(vec3(at * vec2(0.7, 1.1) + elsewhere + vec2(0.05 * u_phase, -0.03 * there_and_back() * u_droop), 0.05 * u_phase));
    float lies = up - 0.30 * lot.z * lot.z, band = exp(-mix(2.0, 1.1, lot.x) * sqrt(lies * lies + 0.02)), low = exp(-7.0 * sqrt(up * up + 0.004));
    // The air: densest above the ground, uneven, darker towards the top.
    vec3 light = u_palette[0] + (deep * 0.50 + body * 0.022) * band * (1.0 + 0.45 * drift) * (1.0 - 0.45 * m.hide) * (1.0 - 0.65 * m.hard) * (1.0 - 0.5 * m.murk);

    // Calm: a window's light lies on the wall.
    if (m.calm > 0.0) {
        vec2 from = at - vec2((lot.x < 0.5 ? -0.5 : 0.5) * wide, 0.3);
        light += m.calm * mix(tip, u_counter, 0.30) * ((0.30 + 0.34 * (1.0 - u_presence)) * place_window(at, lot) + 0.022 * exp(-1.3 * dot(from, from)));
    }
    if (m.weep > 0.0) {
        // Hanging: rain before a far strip of light, and a lamp or two a long way off.
        float slant = mix(0.8, 3.2, lot.z), column = floor(at.x * 31.0 + slant * at.y), fall = fract(0.37 * at.y + 0.11 * u_phase + fract(column * 0.6180340 + lot.y));
        float streak = smoothstep(0.0, 0.75, fall) * smoothstep(1.0, 0.80, fall) * pow(fract(column * 0.7548777), 3.0);
        float side = lot.x < 0.5 ? -1.0 : 1.0;
        vec2 lamp = at - vec2(side * mix(0.30, 0.78, fract(lot.x * 6.0)) * wide, place_horizon_y() + mix(0.03, 0.20, lot.z)), other = at - vec2(side * mix(-0.7, 0.1, lot.y) * wide, place_horizon_y() + 0.035);
        float size = mix(1.6, 0.6, lot.y), second = step(0.4, lot.y) * 0.45;
        light += m.weep * (mix(deep, body, 0.30) * (0.62 * exp(-4.2 * abs(up - 0.06)) * (1.0 + 0.4 * drift) + 0.30 * streak * smoothstep(1.2, 0.0, up))
            + u_counter * (2.2 * exp(-520.0 * size * dot(lamp, lamp)) + 0.13 * exp(-16.0 * dot(lamp, lamp)) + second * (1.4 * exp(-900.0 * dot(other, other)) + 0.10 * exp(-26.0 * dot(other, other))) + 0.035 * low));
    }
    // Hiding: one light from the side.
    if (m.hide > 0.0) light += m.hide * u_counter * (place_ajar(at, lot) + 0.024 * exp(-abs(at.x - place_ajar_x(lot))));
    if (m.hard > 0.0) {
        // Hard: shafts over embers.
        vec2 shaft = place_shafts(at, lot);
        float along = smoothstep(-0.35, 0.55, swell3(vec3(at.x * 0.9 + elsewhere.x, 2.0, 0.15 * u_phase + elsewhere.y)));
        float ember = exp(-9.0 * sqrt(up * up + 0.003)) * (0.25 + 0.75 * along) * (0.55 + 0.45 * swell3(vec3(at.x * 3.1 + elsewhere.x, 0.4 * u_phase, 2.0)));
        float burns = smoothstep(-0.2, 0.8, swell3(vec3(at.x * 5.3 + elsewhere.y, 0.9 * u_phase, 5.0))) * exp(-34.0 * sqrt(up * up + 0.0006) - 1.5 * max(abs(at.x - 1.6 * (lot.z - 0.5) * wide) - 0.7, 0.0));
        light += m.hard * (mix(body, tip, 0.25) * shaft.x * (0.62 + 0.25 * drift) + mix(body, tip, 0.6) * 1.6 * shaft.y
            + mix(body, tip, 0.5) * ember * (0.30 + 0.55 * exp(-26.0 * abs(up)) + 2.0 * burns) + u_counter * 0.05 * exp(-2.5 * length(at - vec2(wide, 0.9))));
    }
    if (m.open > 0.0) {
        // Rising: a low sun behind the edge of the ground, fans of light through bands of haze, a wide cool sky.
        vec2 sun = at - vec2(0.5 * place_focus_x() + mix(-0.65, 0.65, lot.x) + 0.10 * sin(0.05 * u_phase), place_horizon_y() + mix(-0.06, 0.10, lot.z));
        float far = length(sun * vec2(0.80, 1.0)), fan = atan(sun.x, sun.y + 0.02), many = mix(5.0, 11.0, lot.y);
        float rays = 0.75 + 0.25 * sin(fan * many + 0.10 * u_phase) * sin(fan * 0.6 * many - 0.07 * u_phase + 1.0);
        float bands = swell3(vec3(at.x * 0.5 + elsewhere.x + 0.02 * u_phase, at.y * mix(3.0, 6.0, lot.y) + 0.3 * drift, 1.0));
        light += m.open * (mix(body, tip, 0.35) * (0.55 * exp(-3.6 * far) + 0.22 * exp(-1.3 * far) * rays + 0.16 * low) * (1.0 + 0.30 * bands * smoothstep(0.0, 0.3, up))
            + u_counter * 0.10 * smoothstep(-0.1, 1.2, up) * (1.0 + 0.4 * drift + 0.3 * bands));
    }
    if (m.burst > 0.0) {
        // Rising at a beat: light stands in the haze behind.
        vec2 middle = at - vec2(0.8 * place_focus_x(), 0.05);
        light += m.burst * (mix(u_counter, tip, 0.15) * 0.42 * place_ring(at, lot) + tip * 0.03 * exp(-1.5 * length(middle)) + deep * 0.4 * exp(-length(middle)) * (0.85 + 0.3 * drift));
    }
    if (m.murk > 0.0) {
        // Murk: banks of haze that lie low and clot, their upper sides lit sickly from above, bruised in their folds.
        vec2 q = at + elsewhere + 0.22 * sin(at.yx * vec2(3.1, 2.3) + vec2(0.0, 1.3) + elsewhere + 0.06 * u_phase);
        float lump = swell3(vec3(q.x * 1.3 + 0.7 * q.y + 0.05 * u_phase, q.y * 1.6 - 0.5 * q.x, 0.09 * u_phase)) + 0.45 * swell3(vec3(q * 3.7 + q.yx, 3.0 + 0.12 * u_phase));
        float height = 0.27 + 0.46 * lump - up, bank = smoothstep(-0.10, 0.30, height), lit = bank * exp(-3.2 * max(height, 0.0));
        float glare = length((at - vec2(mix(-0.8, 0.8, lot.x), 1.0 + 0.15 * lot.y)) * vec2(0.8, mix(1.1, 1.8, lot.z)));
        light += m.murk * (body * (0.95 * lit + 0.10 * bank) + u_counter * 0.22 * bank * (1.0 - lit) * smoothstep(0.2, -0.5, lump)
            + mix(body, tip, 0.5) * (0.16 * exp(-2.6 * glare) + 1.3 * exp(-11.0 * glare * glare)));
    }
    return max(light, 0.0);
}
