// place_sea, sea_reef, sea_gap: the room that is a sea, seen from near its floor: water that swallows what is far, light that falls through it from
// above in shafts, reefs in two layers, the floor. Needs lib/frame, noise/swell3, noise/hash, place/mood, floor, sun, ridge, sky, dust, visitors.
// at: scene units, y up; lot: three numbers of the room, [0, 1). Range: linear RGB, [0, inf); sea_reef: how high a reef stands over the
// horizon at x, scene units; sea_gap: how far a place is from the middle of the cleft, in half widths of it.
// Idea: one sea, and seven waters: shallows, abyss, vents, a cleft, a soup, a night full of lights, mist. What is sharp is the scene's own.
float sea_reef(float x, PlaceMood m, float near, vec3 lot) {
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y), s = 9.0 * lot.y + 4.0 * lot.z + 2.7 * near, side = fract(lot.x * 8.0 + 0.5 * near) < 0.5 ? -1.0 : 1.0, to = side * x / wide;
    float steep = smoothstep(0.30 + 0.12 * near, 0.80, to + 0.05 * wave1(5.0 * x + s)), domes = abs(wave1(1.3 * x + s)) * (0.6 + 0.4 * wave1(0.43 * x + s)), high = 0.05;
    float stack = smoothstep(0.10, 0.04, abs(to + 0.45 + 0.03 * wave1(4.0 * x))) + 0.6 * smoothstep(0.07, 0.03, abs(to + 0.68));
    high += m.calm * (mix(0.13, 0.05, near) * hills1(0.9 * x + s) + mix(0.55, 0.0, near) * stack + 0.42 * steep * near);
    high += m.open * (mix(0.16, 0.09, near) * domes + 0.05 * abs(wave1(4.7 * x + s)) + mix(0.40, 0.55, near) * steep);
    high += m.weep * (mix(0.62, 0.30, near) * smoothstep(-0.7, 1.0, to) * (0.8 + 0.2 * hills1(1.4 * x + s)));
    if (m.hard > 0.0) {
        float bent = x + 0.07 * wave1(3.1 * x + s), vent = crag1(mix(1.25, 1.7, near) * bent + s);
        high += m.hard * (mix(0.95, 0.50, near) * vent * vent * (0.65 + 0.35 * wave1(0.9 * x + s)) + 0.06 * crag1(5.3 * x + s)) * mix(0.35, 1.0, smoothstep(0.1, 0.9, abs(x - 0.2 * side)));
    }
    high += m.murk * (mix(0.26, 0.14, near) * domes + 0.10 * abs(wave1(3.9 * x + s)) + 0.45 * steep * (0.7 + 0.3 * wave1(4.1 * x)));
    return high + m.burst * (mix(0.30, 0.16, near) * smoothstep(0.35, 0.95, abs(x) / wide) * (0.7 + 0.3 * crag1(2.1 * x + s)) + 0.05 * domes) + 0.05 * m.hide;
}
float sea_gap(vec2 at, vec3 sun, float near, vec3 lot) {
    float up = at.y - place_horizon_y(), edge = 0.10 * wave1(2.3 * up + 7.0 * lot.y + 3.0 * near) + 0.045 * wave1(7.1 * up + 3.0 * lot.z);
    return abs(at.x - sun.x + 0.16 * up + edge) / (mix(0.20, 0.52, near) + 0.10 * up);
}
vec3 place_sea(vec2 at, PlaceMood m, vec3 lot) {
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y), head = u_resolution.y / min(u_resolution.x, u_resolution.y), up = at.y - place_horizon_y(), under = max(-up, 0.0), still = 0.05 * u_phase;
    vec3 body = u_palette[2], tip = u_palette[3], sun = place_sun(m, lot);
    // Water far off, and where the day is.
    vec3 water = u_palette[0] + u_palette[1] * (0.42 * m.calm + 0.50 * m.weep + 0.10 * m.hard + 0.30 * m.hide + 0.10 * m.murk + 0.42 * m.burst) + body * (0.11 * m.calm + 0.065 * m.weep + 0.015 * m.hard + 0.125 * m.murk);
    water += u_counter * (0.040 * m.calm + 0.14 * m.open + 0.012 * m.hide) + tip * 0.05 * m.open;
    vec3 day = body * (0.16 * m.calm + 0.34 * m.weep + 0.24 * m.open + 0.42 * m.murk) + tip * (0.26 * m.calm + 0.06 * m.weep + 0.32 * m.open + 0.06 * m.murk) + u_palette[1] * 0.25 * m.burst + u_counter * 0.10 * m.hide;
    vec2 lamp = vec2(0.75 * sun.x, head + 0.42), off = at - lamp;
    float slope = off.x / max(-off.y, 0.1), down = -off.y;
    vec3 light = water * mix(0.62, 1.0, exp(-1.2 * abs(up))) + day * exp(-1.05 * down - 0.9 * slope * slope * (1.0 - 0.5 * m.calm));
    // The surface from below, near the upper edge: it moves, and is broken.
    float over = max(head + 0.30 - at.y, 0.25), skin = swell3(vec3(0.55 * off.x / over + 7.0 * lot.x, 0.55 / over, 3.0 * still));
    light += day * (0.9 * m.open + 0.6 * m.calm + 0.5 * m.weep + 0.4 * m.murk) * smoothstep(0.0, 0.8, skin) * exp(-4.2 * (over - 0.25) - 0.25 * off.x * off.x) * 0.45;
    // Shafts fan out from there.
    float beam = swell3(vec3(4.3 * slope + 7.0 * lot.y + still, 0.25 * down, 2.0 + 2.0 * still)) + 0.5 * swell3(vec3(11.0 * slope + 5.0 * lot.z - still, 0.3 * down, 2.0 * still));
    light += (day + tip * 0.05 * m.open) * (0.75 * m.open + 0.42 * m.calm + 0.80 * m.weep + 0.45 * m.murk + 0.30 * m.burst) * smoothstep(0.0, 0.75, beam) * exp(-0.80 * down - 1.1 * slope * slope);
    for (int n = 0; n < 2; n++) {
        float near = float(n), high = sea_reef(at.x, m, near, lot), inside = high - up, soft = mix(0.050, 0.028, near);
        vec3 ink = mix(light * 0.45 + water * 0.25, water * 0.32 + light * 0.06, near) * (1.0 - 0.5 * m.hard);
        // Its upper side takes the light from above.
        ink += day * mix(0.16, 0.22, near) * exp(-max(inside, 0.0) / 0.06) * exp(-0.8 * abs(slope));
        ink += mix(body, tip, 0.2) * m.hard * (0.30 * exp(-5.0 * max(up, 0.0)) + 0.10 * exp(-max(inside, 0.0) / 0.03));
        light = mix(light, ink, smoothstep(-soft, soft, inside) * (1.0 - m.hide));
    }
    if (m.hard > 0.0) {
        // Vents glow, and lit smoke leans out of them.
        vec2 vent = at - vec2(sun.x + 0.25, place_horizon_y());
        float smoke = swell3(vec3(2.3 * vent.x - 0.8 * vent.y, 1.4 * vent.y - 0.35 * u_phase, 3.0 * lot.y)), plume = (vent.x - 0.22 * vent.y - 0.16 * smoke * vent.y) / (0.16 + 0.50 * max(vent.y, 0.0));
        light += m.hard * (mix(body, tip, 0.35) * 1.15 * exp(-9.0 * dot(vent, vent)) + body * (0.85 + 0.7 * smoke) * exp(-plume * plume - 1.15 * max(vent.y, 0.0)) * smoothstep(-0.10, 0.10, vent.y) + body * 0.25 * exp(-1.3 * length(vent)));
    }
    if (m.weep > 0.0) {
        vec2 to = at - place_lamp(lot) - vec2(0.0, 0.06);
        float here = dot(to, to);
        light += m.weep * u_counter * (2.1 * exp(-800.0 * here) + 0.26 * exp(-45.0 * here) + 0.07 * exp(-5.0 * here));
    }
    if (m.hide > 0.0) {
        // A cleft, and one cold shaft in it.
        float far = sea_gap(at, sun, 0.0, lot), close = sea_gap(at, sun, 1.0, lot), falls = 0.70 + 0.30 * smoothstep(-0.3, 0.5, beam);
        vec3 cold = mix(u_counter, tip, 0.4) * exp(-0.55 * max(head - at.y, 0.0));
        light += m.hide * cold * (0.85 * exp(-2.2 * far * far) + 0.16 * exp(-0.9 * far)) * falls;
        vec3 rock = u_palette[1] * 0.34 + u_palette[0] + cold * (0.16 * exp(-3.0 * abs(far - 1.0)) + 0.035 * exp(-0.8 * far));
        light = mix(light, rock, m.hide * smoothstep(0.85, 1.20, far));
        light = mix(light, u_palette[0] + u_palette[1] * 0.13 + cold * 0.075 * exp(-7.0 * abs(close - 1.0)), m.hide * 0.9 * smoothstep(0.92, 1.10, close));
    }
    if (m.burst > 0.0) {
        // Light runs outwards through what floats there.
        vec2 from = at - sun.xy * vec2(1.0, 1.0);
        float away = length(from), turn = atan(from.x, from.y), rays = 0.5 + 0.5 * sin(11.0 * turn + 2.0 * sin(3.0 * turn + 6.0 * lot.x)), ring = away - 0.80 - 0.10 * lot.z;
        light += m.burst * (mix(tip, body, 0.3) * (0.34 * exp(-60.0 * ring * ring) + 0.20 * rays * exp(-1.6 * away) * smoothstep(0.2, 0.6, away)) + body * 0.20 * exp(-1.5 * away * away));
    }
    if (m.murk > 0.0) {
        // Clouds of it hang in the water.
        float clot = swell3(vec3(1.7 * at + 5.0 * lot.xy, 1.0 + 0.5 * still));
        light *= 1.0 - m.murk * 0.55 * smoothstep(-0.1, 0.7, clot);
    }
    if (up < 0.10) {
        // The floor: bright where light falls, lost in the water farther away, dark towards the eye.
        vec2 ground = place_ground(at);
        float lost = exp(-(0.34 - 0.10 * m.open) * max(ground.y - 1.0, 0.0)), uneven = 0.82 + 0.30 * swell3(vec3(ground * vec2(0.9, 1.6) + 5.0 * lot.xz, 1.0)), under_day = exp(-0.35 * pow(at.x - 0.6 * sun.x, 2.0));
        vec3 sand = body * (0.20 * m.calm + 0.14 * m.weep + 0.012 * m.hard + 0.21 * m.open + 0.14 * m.murk + 0.02 * m.burst) + tip * (0.10 * m.calm + 0.04 * m.weep + 0.07 * m.open + 0.03 * m.murk) + u_palette[1] * (0.3 + 0.3 * m.burst);
        vec2 pool = at - vec2(sun.x - 0.1, place_horizon_y() - 0.12);
        sand += m.hide * mix(u_counter, tip, 0.4) * 0.42 * exp(-dot(pool * vec2(2.0, 4.5), pool * vec2(2.0, 4.5))) + m.hide * u_counter * 0.03;
        sand += m.burst * mix(tip, body, 0.4) * 0.14 * exp(-1.5 * abs(at.x - sun.x)) + m.hard * body * 0.30 * exp(-2.2 * abs(at.x - sun.x - 0.25)) * exp(-3.0 * under);
        sand *= uneven * mix(0.55, 1.0, under_day) * (1.0 - 0.50 * smoothstep(0.30, 0.75, under));
        light = mix(light, mix(light * 0.7, sand, lost), smoothstep(-0.03, 0.06, -up)) + place_visitors(at, true) * 0.6 * smoothstep(0.0, 0.2, under);
    }
    light = (light + place_visitors(at, false) * 0.8) * (1.0 - 0.40 * smoothstep(0.60, 1.25, length(vec2(at.x / wide, 0.6 * at.y))));
    return light + (tip * 0.5 + u_counter * 0.5) * 0.10 * dust(at) * (0.3 + 2.0 * dot(light, vec3(1.0)));
}
