// place_wall: the air and the back of the room at a place, without the floor and the visitors' lights.
// Needs lib/frame, noise/swell3, motion/there_and_back, place/mood, place/floor. at: scene units; below the horizon it goes on. Range: linear RGB, [0, inf).
// Idea: one soft composition for each kind of place (place_mood), all of them always there in their share.
vec3 place_wall(vec2 at, PlaceMood m) {
    float up = at.y - place_horizon_y(), wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    vec3 deep = u_palette[1], body = u_palette[2], tip = u_palette[3];
    float drift = swell3(vec3(at * vec2(0.7, 1.1) + vec2(0.05 * u_phase, -0.03 * there_and_back() * u_droop), 0.05 * u_phase));
    float band = exp(-1.6 * abs(up)), low = exp(-7.0 * abs(up));
    // The air: densest above the ground, uneven, darker towards the top.
    vec3 light = u_palette[0] + (deep * 0.50 + body * 0.022) * band * (1.0 + 0.45 * drift) * (1.0 - 0.45 * m.hide) * (1.0 - 0.65 * m.hard) * (1.0 - 0.5 * m.murk);

    // Calm: a tall window's light lies slantwise on the wall.
    vec2 w = (at - vec2(-0.62 * wide + 0.20, 0.30)) * vec2(1.0, 0.86);
    w.x += 0.42 * w.y;
    float soft = 0.10 + 0.16 * u_fog;
    vec2 edge = smoothstep(-soft, soft, vec2(0.36, 0.52) - abs(w));
    float bars = (1.0 - 0.55 * exp(-260.0 * w.x * w.x)) * (1.0 - 0.55 * exp(-260.0 * (w.y - 0.10) * (w.y - 0.10)));
    light += m.calm * mix(tip, u_counter, 0.35) * ((0.32 + 0.34 * (1.0 - u_presence)) * edge.x * edge.y * bars * (0.55 + 1.3 * exp(-5.0 * dot(w - vec2(0.05, 0.32), w - vec2(0.05, 0.32)))) + 0.040 * exp(-1.3 * dot(w, w)));

    // Hanging: rain before a far strip of light, and one lamp a long way off.
    float column = floor(at.x * 31.0 + 2.0 * at.y), fall = fract(0.37 * at.y + 0.11 * u_phase + fract(column * 0.6180340));
    float streak = smoothstep(0.0, 0.75, fall) * smoothstep(1.0, 0.80, fall) * pow(fract(column * 0.7548777), 3.0);
    vec2 lamp = at - vec2(0.42 * wide, place_horizon_y() + 0.045);
    light += m.weep * (mix(deep, body, 0.30) * (0.62 * exp(-4.2 * abs(up - 0.06)) + 0.30 * streak * smoothstep(1.2, 0.0, up))
        + u_counter * (2.6 * exp(-520.0 * dot(lamp, lamp)) + 0.13 * exp(-16.0 * dot(lamp, lamp)) + 0.035 * low));

    // Hiding: a door stands ajar at one side.
    vec2 door = at - vec2(0.70 * wide, 0.0);
    float gap = 0.030 + 0.012 * sin(0.7 * u_phase);
    float slit = smoothstep(gap + 0.040, gap - 0.015, abs(door.x)) * smoothstep(0.66, 0.48, door.y) * (0.62 + 0.38 * smoothstep(0.6, -0.4, door.y));
    light += m.hide * u_counter * (1.3 * slit + 0.12 * exp(-9.0 * abs(door.x)) * smoothstep(1.0, 0.2, door.y) + 0.024 * exp(-1.0 * abs(door.x)));

    // Hard: shafts from one corner, each with one sharp side, over embers.
    vec2 corner = at - vec2(-wide - 0.15, 1.35);
    vec2 source = at - vec2(-wide + 0.10, 0.98);
    float angle = corner.x / max(-corner.y, 0.05), reach = exp(-0.42 * length(corner));
    float shaft = smoothstep(0.43, 0.49, angle) * smoothstep(0.66, 0.52, angle) + 0.8 * smoothstep(0.81, 0.88, angle) * smoothstep(1.22, 0.95, angle)
        + 0.55 * smoothstep(1.49, 1.58, angle) * smoothstep(2.10, 1.70, angle);
    float ember = exp(-11.0 * abs(up)) * (0.55 + 0.45 * swell3(vec3(at.x * 3.1, 0.4 * u_phase, 2.0)));
    light += m.hard * (mix(body, tip, 0.25) * shaft * reach * (0.26 + 0.13 * drift + 3.0 * exp(-2.3 * length(corner))) + mix(body, tip, 0.5) * (0.34 * ember + 3.2 * ember * exp(-60.0 * abs(up)) * (0.3 + 0.7 * smoothstep(-0.2, 0.8, swell3(vec3(at.x * 5.3 + 2.0, 0.9 * u_phase, 5.0)))))
        + mix(body, tip, 0.6) * (1.7 * exp(-24.0 * dot(source, source)) + 0.16 * exp(-4.5 * length(source)))
        + u_counter * 0.05 * exp(-2.5 * length(at - vec2(wide, 0.9))));

    // Rising: a low sun behind the edge of the ground, fans of light, a wide cool sky.
    vec2 sun = at - vec2(0.5 * place_focus_x() + 0.10 * sin(0.05 * u_phase), place_horizon_y() - 0.04);
    float far = length(sun * vec2(0.80, 1.0)), fan = atan(sun.x, sun.y + 0.02);
    float rays = 0.72 + 0.28 * sin(fan * 9.0 + 0.10 * u_phase) * sin(fan * 5.0 - 0.07 * u_phase + 1.0);
    light += m.open * (mix(body, tip, 0.35) * (0.55 * exp(-3.6 * far) + 0.20 * exp(-1.3 * far) * rays + 0.16 * low)
        + u_counter * 0.10 * smoothstep(-0.1, 1.2, up) * (1.0 + 0.4 * drift));

    // Rising at a beat: a ring of light stands in the haze.
    vec2 middle = at - vec2(0.8 * place_focus_x(), 0.05);
    float round_it = length(middle), ring = round_it - 0.98 - 0.05 * sin(0.6 * u_phase), turn = atan(middle.x, middle.y);
    // Sharp on its inner side, trailing off outwards, and brighter here and there.
    float torn = 0.62 + 0.38 * sin(3.0 * turn + 0.25 * u_phase) * sin(5.0 * turn - 0.17 * u_phase + 1.0);
    float crest = ring < 0.0 ? exp(-420.0 * ring * ring) : exp(-11.0 * ring);
    light += m.burst * (u_counter * (0.46 * crest * torn + 0.06 * exp(-6.0 * ring * ring)) + tip * 0.05 * exp(-2.2 * abs(ring + 0.25))
        + deep * 0.4 * exp(-1.0 * round_it) * (0.75 + 0.35 * sin(22.0 * turn) * smoothstep(0.9, 1.4, round_it)));

    // Murk: banks of haze that lie low and clot, their upper sides lit sickly from above, bruised in their folds.
    vec2 q = at + 0.22 * sin(at.yx * vec2(3.1, 2.3) + vec2(0.0, 1.3) + 0.06 * u_phase);
    float lump = swell3(vec3(q.x * 1.3 + 0.7 * q.y + 0.05 * u_phase, q.y * 1.6 - 0.5 * q.x, 0.09 * u_phase)) + 0.45 * swell3(vec3(q * 3.7 + q.yx, 3.0 + 0.12 * u_phase));
    float height = 0.27 + 0.46 * lump - up, bank = smoothstep(-0.10, 0.30, height), lit = bank * exp(-3.2 * max(height, 0.0));
    float glare = length((at - vec2(0.62, 1.0)) * vec2(0.8, 1.6));
    light += m.murk * (body * (0.95 * lit + 0.10 * bank) + u_counter * 0.22 * bank * (1.0 - lit) * smoothstep(0.2, -0.5, lump)
        + mix(body, tip, 0.5) * (0.16 * exp(-2.6 * glare) + 1.6 * exp(-14.0 * glare * glare)));
    return max(light, 0.0);
}
