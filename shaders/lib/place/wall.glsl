// place_wall: the air and the back of the room at a place, without the floor and the visitors' lights.
// Needs lib/frame, noise/swell3, place/mood, place/floor. at: scene units; below the horizon it goes on. Range: linear RGB, [0, inf).
// Idea: one soft composition for each kind of place (place_mood), all of them always there in their share.
vec3 place_wall(vec2 at, PlaceMood m) {
    float up = at.y - place_horizon_y(), wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    vec3 deep = u_palette[1], body = u_palette[2], tip = u_palette[3];
    float drift = swell3(vec3(at * vec2(0.7, 1.1) + vec2(0.05 * u_phase, -0.03 * u_phase * u_droop), 0.05 * u_phase));
    float band = exp(-1.6 * abs(up)), low = exp(-7.0 * abs(up));
    // The air: densest above the ground, uneven, darker towards the top.
    vec3 light = u_palette[0] + (deep * 0.30 + body * 0.010) * band * (1.0 + 0.45 * drift) * (1.0 - 0.75 * m.hide) * (1.0 - 0.35 * m.hard);

    // Calm: a tall window's light lies slantwise on the wall.
    vec2 w = (at - vec2(-0.62 * wide + 0.20, 0.30)) * vec2(1.0, 0.86);
    w.x += 0.42 * w.y;
    float soft = 0.10 + 0.16 * u_fog;
    vec2 edge = smoothstep(-soft, soft, vec2(0.36, 0.52) - abs(w));
    float bars = (1.0 - 0.55 * exp(-260.0 * w.x * w.x)) * (1.0 - 0.55 * exp(-260.0 * (w.y - 0.10) * (w.y - 0.10)));
    light += m.calm * mix(tip, u_counter, 0.35) * (0.085 * edge.x * edge.y * bars + 0.020 * exp(-1.3 * dot(w, w)));

    // Hanging: rain before a far strip of light, and one lamp a long way off.
    float column = floor(at.x * 26.0 + 3.0 * at.y), fall = fract(0.37 * at.y + 0.11 * u_phase + fract(column * 0.6180340));
    float streak = smoothstep(0.0, 0.75, fall) * smoothstep(1.0, 0.80, fall) * fract(column * 0.7548777);
    vec2 lamp = at - vec2(0.42 * wide, place_horizon_y() + 0.045);
    light += m.weep * (mix(deep, body, 0.30) * (0.24 * exp(-3.4 * abs(up - 0.1)) + 0.05 * streak * smoothstep(0.9, -0.2, up))
        + u_counter * (0.50 * exp(-420.0 * dot(lamp, lamp)) + 0.09 * exp(-14.0 * dot(lamp, lamp)) + 0.030 * low));

    // Hiding: a door stands ajar at one side.
    vec2 door = at - vec2(0.70 * wide, 0.0);
    float gap = 0.030 + 0.012 * sin(0.7 * u_phase);
    float slit = smoothstep(gap + 0.035, gap, abs(door.x)) * smoothstep(0.62, 0.52, door.y);
    light += m.hide * u_counter * (0.75 * slit + 0.10 * exp(-9.0 * abs(door.x)) * smoothstep(1.0, 0.2, door.y) + 0.010 * exp(-1.6 * abs(door.x)));

    // Hard: shafts from one corner, each with one sharp side, over embers.
    vec2 corner = at - vec2(-wide - 0.15, 1.35);
    float angle = corner.x / max(-corner.y, 0.05), reach = exp(-0.42 * length(corner));
    float shaft = smoothstep(0.44, 0.47, angle) * smoothstep(0.66, 0.52, angle) + 0.8 * smoothstep(0.82, 0.85, angle) * smoothstep(1.22, 0.95, angle)
        + 0.55 * smoothstep(1.52, 1.56, angle) * smoothstep(2.10, 1.70, angle);
    float ember = exp(-11.0 * abs(up)) * (0.55 + 0.45 * swell3(vec3(at.x * 3.1, 0.4 * u_phase, 2.0)));
    light += m.hard * (mix(body, tip, 0.25) * 0.22 * shaft * reach * (1.0 + 0.5 * drift) + mix(body, tip, 0.5) * 0.20 * ember
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
        + deep * 0.5 * exp(-1.0 * round_it));

    // Murk: lumps of haze that lie low, lit sickly from above.
    float lump = swell3(vec3(at.x * 1.9 + 0.05 * u_phase, at.y * 2.6 - 0.02 * u_phase, 0.09 * u_phase)) + 0.5 * swell3(vec3(at * 4.3, 3.0 + 0.12 * u_phase));
    float bank = smoothstep(0.30, -0.30, up - 0.30 - 0.34 * lump);
    light += m.murk * (body * (0.055 + 0.05 * lump) * bank + u_counter * 0.08 * bank * smoothstep(-0.2, 0.5, lump)
        + body * 0.09 * exp(-2.2 * length((at - vec2(-0.25, 1.15)) * vec2(1.0, 0.75))));
    return max(light, 0.0);
}
