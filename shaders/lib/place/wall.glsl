// place_wall: the air and the back of the room at a place, without the floor and the visitors' lights.
// Needs lib/frame, noise/swell3, place/mood, place/floor. at: scene units; below the horizon it goes on. Range: linear RGB, [0, inf).
// Idea: one soft composition for each kind of place (place_mood), all of them always there in their share.
vec3 place_wall(vec2 at, PlaceMood m) {
    float up = at.y - place_horizon_y(), wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    vec3 deep = u_palette[1], body = u_palette[2], tip = u_palette[3];
    float drift = swell3(vec3(at * vec2(0.7, 1.1) + vec2(0.05 * u_phase, -0.03 * u_phase * u_droop), 0.05 * u_phase));
    float band = exp(-1.6 * abs(up)), low = exp(-7.0 * abs(up));
    // The air: densest above the ground, uneven, darker towards the top.
    vec3 light = u_palette[0] + (deep * 0.50 + body * 0.022) * band * (1.0 + 0.45 * drift) * (1.0 - 0.60 * m.hide) * (1.0 - 0.65 * m.hard) * (1.0 - 0.5 * m.murk);

    // Calm: a tall window's light lies slantwise on the wall.
    vec2 w = (at - vec2(-0.62 * wide + 0.20, 0.30)) * vec2(1.0, 0.86);
    w.x += 0.42 * w.y;
    float soft = 0.10 + 0.16 * u_fog;
    vec2 edge = smoothstep(-soft, soft, vec2(0.36, 0.52) - abs(w));
    float bars = (1.0 - 0.55 * exp(-260.0 * w.x * w.x)) * (1.0 - 0.55 * exp(-260.0 * (w.y - 0.10) * (w.y - 0.10)));
    light += m.calm * mix(tip, u_counter, 0.35) * (0.32 * edge.x * edge.y * bars + 0.040 * exp(-1.3 * dot(w, w)));

    // Hanging: rain before a far strip of light, and one lamp a long way off.
    float column = floor(at.x * 31.0 + 2.0 * at.y), fall = fract(0.37 * at.y + 0.11 * u_phase + fract(column * 0.6180340));
    float streak = smoothstep(0.0, 0.75, fall) * smoothstep(1.0, 0.80, fall) * pow(fract(column * 0.7548777), 3.0);
    vec2 lamp = at - vec2(0.42 * wide, place_horizon_y() + 0.045);
    light += m.weep * (mix(deep, body, 0.30) * (0.62 * exp(-4.2 * abs(up - 0.06)) + 0.30 * streak * smoothstep(1.2, 0.0, up))
        + u_counter * (2.6 * exp(-520.0 * dot(lamp, lamp)) + 0.13 * exp(-16.0 * dot(lamp, lamp)) + 0.035 * low));

    // Hiding: a door stands ajar at one side.
    vec2 door = at - vec2(0.70 * wide, 0.0);
    float gap = 0.030 + 0.012 * sin(0.7 * u_phase);
    float slit = smoothstep(gap + 0.035, gap, abs(door.x)) * smoothstep(0.62, 0.52, door.y);
    light += m.hide * u_counter * (1.3 * slit + 0.12 * exp(-9.0 * abs(door.x)) * smoothstep(1.0, 0.2, door.y) + 0.016 * exp(-1.2 * abs(door.x)));

    // Hard: shafts from one corner, each with one sharp side, over embers.
    vec2 corner = at - vec2(-wide - 0.15, 1.35);
    float angle = corner.x / max(-corner.y, 0.05), reach = exp(-0.42 * length(corner));
    float shaft = smoothstep(0.44, 0.47, angle) * smoothstep(0.66, 0.52, angle) + 0.8 * smoothstep(0.82, 0.85, angle) * smoothstep(1.22, 0.95, angle)
        + 0.55 * smoothstep(1.52, 1.56, angle) * smoothstep(2.10, 1.70, angle);
    float ember = exp(-11.0 * abs(up)) * (0.55 + 0.45 * swell3(vec3(at.x * 3.1, 0.4 * u_phase, 2.0)));
    light += m.hard * (mix(body, tip, 0.25) * shaft * reach * (0.26 + 0.13 * drift + 0.9 * exp(-2.4 * length(corner))) + mix(body, tip, 0.5) * (0.34 * ember + 0.9 * ember * exp(-60.0 * abs(up)))
        + u_counter * 0.05 * exp(-2.5 * length(at - vec2(wide, 0.9))));

    // Rising: a low sun behind the edge of the ground, fans of light, a wide cool sky.
    vec2 sun = at - vec2(0.16 * sin(0.05 * u_phase), place_horizon_y() - 0.04);
    float far = length(sun * vec2(0.80, 1.0)), fan = atan(sun.x, sun.y + 0.02);
    float rays = 0.72 + 0.28 * sin(fan * 9.0 + 0.10 * u_phase) * sin(fan * 5.0 - 0.07 * u_phase + 1.0);
    light += m.open * (mix(body, tip, 0.35) * (0.55 * exp(-3.6 * far) + 0.20 * exp(-1.3 * far) * rays + 0.16 * low)
        + u_counter * 0.10 * smoothstep(-0.1, 1.2, up) * (1.0 + 0.4 * drift));

    // Rising at a beat: a ring of light stands in the haze.
    float round_it = length(at - vec2(0.0, 0.05)), ring = round_it - 0.98 - 0.05 * sin(0.6 * u_phase);
    light += m.burst * (u_counter * (0.30 * exp(-90.0 * ring * ring) + 0.07 * exp(-7.0 * ring * ring)) + tip * 0.06 * exp(-2.2 * abs(ring + 0.25))
        + deep * 0.4 * exp(-1.0 * round_it) * (0.75 + 0.35 * sin(22.0 * atan(at.x, at.y)) * smoothstep(0.9, 1.4, round_it)));

    // Murk: banks of haze that lie low and clot, their upper sides lit sickly from above, bruised in their folds.
    float lump = swell3(vec3(at.x * 1.5 + 0.05 * u_phase, at.y * 1.8 - 0.02 * u_phase, 0.09 * u_phase)) + 0.45 * swell3(vec3(at * 4.1, 3.0 + 0.12 * u_phase));
    float height = 0.20 + 0.40 * lump - up, bank = smoothstep(-0.10, 0.30, height), lit = bank * exp(-3.2 * max(height, 0.0));
    float glare = length((at - vec2(0.62, 1.0)) * vec2(0.8, 1.6));
    light += m.murk * (body * (0.75 * lit + 0.10 * bank) + u_counter * 0.22 * bank * (1.0 - lit) * smoothstep(0.2, -0.5, lump)
        + mix(body, tip, 0.5) * (0.16 * exp(-2.6 * glare) + 1.1 * exp(-16.0 * glare * glare)));
    return max(light, 0.0);
}
