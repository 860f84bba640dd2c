// place_hall: the room that is a hall of stone: a vault over bays that recede, arches in its sides, light from the left that falls through them on walls and floor, one shaft
// on who stands there. Needs lib/frame, noise/swell3, place/mood, floor, hall_plan, sky, hung, contact_shadow, visitors, dust. at: scene units, y up; lot: three numbers of the room, [0, 1).
// Range: linear RGB, [0, inf). Idea: one tunnel in one-point perspective, whose measures each mood sets: a loggia before a
// morning, a nave in the rain, a ruin with fire in it, a corridor with one door, a flooded vault, a dome with a ring of light, a pale museum. An arch is asked for
// where it is seen and where its light falls.
// How far an arch in a wall is open at a place along it and up; soft: how much of it one pixel sees.
float hall_arch(HallPlan p, vec2 at, float soft, float torn) {
    float c = (fract(at.x / p.bay) - 0.5) / p.arch, up = max(at.y - p.spring, 0.0) / (p.arch * p.bay);
    float inside = 1.0 - length(vec2(c, up)) + torn;
    return mix(smoothstep(-soft, soft, inside), 2.0 * p.arch * smoothstep(1.25, 0.6, up), smoothstep(0.6, 2.0, soft));
}
vec3 place_hall(vec2 at, PlaceMood m, vec3 lot) {
    HallPlan p = hall_plan(m);
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y), wet = max(place_wet() * (1.0 - m.hard), m.murk);
    vec2 eye = hall_eye(m, lot), d = at - eye;
    float below = max(-d.y, 0.0), ripple = swell3(vec3(at.x * 3.0, 1.4 / (below + 0.06), 0.25 * u_phase)) * smoothstep(0.0, 0.10, below);
    // What the floor mirrors is the hall seen from below it.
    float floor_near = below / 0.36, mirrored = 0.0;
    vec2 seen = vec2(d.x + 0.03 * ripple * wet, abs(d.y) + 0.03 * ripple * wet * step(d.y, 0.0));
    float round_by = pow(pow(abs(seen.x) / p.wide, p.vault) + pow(seen.y / p.high, p.vault), 1.0 / p.vault), side = abs(seen.x) / p.wide;
    float on_floor = smoothstep(-0.035, 0.035, floor_near - max(side, 1.0 / p.deep));
    if (d.y >= 0.0) on_floor = 0.0;
    float tunnel = d.y < 0.0 ? max(side, seen.y / p.high) : round_by, z = 1.0 / max(tunnel, 1.0 / p.deep), at_end = smoothstep(-0.02, 0.02, 1.0 / p.deep - tunnel);
    vec3 q = vec3(seen * z, z);
    if (d.y < 0.0) q.y = on_floor > 0.5 ? q.y - 0.72 : -q.y;
    // Air between here and there; the light that comes in, and what is seen outside.
    float far = 1.0 - exp(-0.30 * max(q.z - 0.6, 0.0)), still = 0.04 * u_phase, worn = swell3(vec3(q.z * 2.3 + 5.0 * lot.y, q.y * 2.6, q.x * 0.7 + 2.0));
    vec3 body = u_palette[2], tip = u_palette[3], air = place_air(m);
    float drift = swell3(vec3(1.4 * at.x + 6.0 * lot.z, 2.2 * at.y - 0.5 * m.hard * u_phase, still)), broken = swell3(vec3(q.z * 1.9 + 3.0 * lot.x + sign(d.x), 2.0, 1.0)), torn = 0.30 * m.hard * (worn + 0.6 * broken);
    vec3 outside = u_palette[0] + body * (0.34 * m.calm + 0.20 * m.weep + 0.40 * m.open + 0.44 * m.murk + 0.10 * m.burst) + tip * (0.06 * m.murk + 0.42 * m.calm + 0.18 * m.weep + 0.62 * m.open * exp(-0.55 * length(d)));
    outside *= 1.0 + 0.35 * drift;
    outside = place_hung(at, outside, m, lot);
    // Fire stands in the arches of a ruin, over its foot.
    float flame = m.hard * exp(-0.95 * max(q.y + 0.1 - 0.5 * drift, 0.0)) * (0.85 + 0.6 * drift);
    outside += mix(body, tip, 0.45 * flame) * 1.15 * flame + m.hard * body * 0.14 * (1.0 + drift);
    float soft = 0.09 + 0.075 * q.z * q.z / (p.wide * p.arch * p.bay) * mix(1.0, 0.5, m.open);
    float open = hall_arch(p, q.zy + vec2(lot.y, 0.0), soft, torn) * (1.0 - m.hide) * (1.0 - 0.75 * m.burst);
    // On the right only a loggia and a ruin are open; the other walls there have niches.
    float right = smoothstep(-0.1, 0.1, d.x), through = open * mix(1.0, max(m.open, max(m.hard, 0.6 * m.murk)), right);
    // A ruin is broken off above.
    through = max(through, m.hard * smoothstep(-0.08, 0.10, q.y - 1.15 - 0.55 * broken - 0.12 * worn));
    // Light falls from the left, through the arches there.
    float across = q.x * sign(d.x) + p.wide;
    vec2 thrown = vec2(q.z - 0.42 * across + lot.y, q.y + 0.38 * across);
    float patch_ = hall_arch(p, thrown, 0.10 + 0.05 * q.z, torn) * step(0.05, across) * smoothstep(7.0, 2.5, q.z) * (1.0 - 0.5 * open * right);
    float key = 0.85 * m.calm + 0.34 * m.weep + 0.42 * m.hard + 0.95 * m.open + 0.30 * m.murk;
    vec3 stone = (u_palette[1] * (0.75 - 0.40 * m.hard) + body * (0.42 * m.calm + 0.22 * m.weep + 0.02 * m.hard + 0.12 * m.hide + 0.08 * m.open + 0.12 * m.burst + 0.22 * m.murk)) * (1.0 + 0.22 * worn);
    // A rib between the bays, lit on its side.
    float c = fract((q.z + lot.y) / p.bay) - 0.5, rib = smoothstep(0.38, 0.45, abs(c)) * smoothstep(0.7, 0.2, soft), faces = sign(c) * smoothstep(0.5, 0.45, abs(c)), lit = mix(0.55, 1.0, right) * (0.55 + 0.45 * smoothstep(-0.4, p.high, q.y));
    vec3 wall = stone * (0.26 + 0.34 * lit) * (1.0 + rib * (0.8 * faces + 0.2)) * (1.0 - 0.35 * open * right * (1.0 - through));
    vec3 glow = mix(body, tip, 0.45 + 0.3 * m.calm);
    wall += glow * stone * 2.1 * key * patch_ * right + u_counter * 0.03 * (m.hard + m.murk) * (1.0 - right);
    wall = mix(wall, outside, through * (1.0 - at_end));
    // The far end: a door, a bright arch, a candle.
    vec2 door = vec2(d.x * p.deep, (d.y * p.deep + 0.36));
    float gate = smoothstep(0.10, -0.10, length(vec2(door.x / (0.50 * p.wide), max(door.y - 0.8, 0.0) / (0.42 * p.wide))) - 1.0);
    vec3 end_ = mix(stone * 0.5, outside * (1.0 + 0.8 * m.open), gate * (1.0 - m.hide) * (0.9 - 0.5 * m.weep));
    wall = mix(wall, end_, at_end);
    wall = mix(wall, air * (0.75 + 0.25 * drift) * (1.0 - 0.6 * m.hide), far * mix(1.0, 0.35, through));
    // The floor: light that falls on it between the arches' shadows, joints, and what it mirrors.
    vec2 ground = vec2(d.x, 0.36) / max(below, 0.02);
    float zf = min(0.36 / max(below, 0.02), p.deep), on_left = d.x * zf + p.wide;
    float pool = hall_arch(p, vec2(zf - 0.42 * on_left + lot.y, -0.36 + 0.38 * on_left), 0.10 + 0.06 * zf, 0.4 * m.hard) * smoothstep(0.0, 0.2, on_left) * key;
    float joint = (1.0 - 0.25 * smoothstep(0.06, 0.0, abs(fract(d.x * zf * 1.6 + 0.25) - 0.5) / (1.0 + zf)));
    vec3 dry = (stone * 0.34 * joint + glow * stone * 2.4 * pool + place_visitors(at, true)) * contact_shadow(at);
    float mirror = mix(0.16, 0.75, wet) * mix(1.0, 0.45, smoothstep(0.05, 0.45, below)) * (1.0 + 0.25 * ripple);
    vec3 ground_light = mix(dry, air, 0.5 * (1.0 - exp(-0.22 * max(zf - 1.0, 0.0)))) * (1.0 - 0.5 * wet) + wall * mirror;
    vec3 light = mix(wall, ground_light, on_floor);
    float focus = place_focus_x();
    if (m.hide > 0.0) {
        // One cold slit of a door; its light lies along the floor and runs up the walls.
        float slit = abs(d.x) / (0.030 + 0.10 * below), up = smoothstep(0.30, 0.22, d.y) * step(0.0, d.y + 0.05);
        light += m.hide * u_counter * (1.5 * smoothstep(1.3, 0.6, abs(d.x) / 0.035) * up + 0.34 * exp(-abs(d.x) * 5.0) * exp(-abs(d.y - 0.12) * 2.4) + 0.42 * exp(-slit * slit * 0.4) * exp(-2.6 * below) * on_floor);
        light += m.hide * u_counter * 0.05 * rib * far;
        // What the light from the door throws on the wall behind: whoever cowers, and their shadow, far larger.
        vec2 on_wall = at - vec2(focus - 0.42, -0.05), head = (at - vec2(focus - 0.50, 0.34)) / vec2(0.24, 0.27), back = (at - vec2(focus - 0.42, -0.42)) / vec2(0.46, 0.66), arms = (at - vec2(focus - 0.50, 0.30)) / vec2(0.44, 0.36);
        float shadow = max(smoothstep(1.15, 0.80, length(back)), max(smoothstep(1.25, 0.80, length(head)), smoothstep(1.12, 0.86, length(arms) + 0.16 * max(arms.y, 0.0) - 0.10 * abs(arms.x))));
        light += m.hide * (1.0 - on_floor) * (u_counter * 0.16 + body * 0.10) * (1.0 + 0.3 * worn) * exp(-0.75 * dot(on_wall, on_wall)) * (1.0 - 0.88 * shadow);
    }
    if (m.weep > 0.0) {
        // One candle, a long way off.
        vec2 off = d - vec2(0.10 * wide, 0.02);
        light += m.weep * u_counter * (1.8 * exp(-900.0 * dot(off, off)) + 0.26 * exp(-34.0 * dot(off, off)) + 0.05 * exp(-4.0 * dot(off, off)) + 0.5 * exp(-pow(off.x / (0.02 + 0.05 * below), 2.0) - 4.0 * below) * on_floor * (0.7 + 0.5 * ripple));
    }
    if (m.burst > 0.0) {
        // An open eye in the dome: a ring seen from below, coffers round it, and its light in the air.
        vec2 off = vec2(at.x - 0.8 * focus, (at.y - 0.62) * 2.1);
        float r = length(off), ring = exp(-pow((r - 0.62) / 0.075, 2.0)), turn = atan(off.x, off.y);
        float coffer = smoothstep(0.15, 0.6, abs(sin(10.0 * turn)) * (0.6 + 0.4 * cos(11.0 * log(r + 0.05)))) * smoothstep(0.70, 0.9, r) * exp(-1.3 * max(r - 0.8, 0.0));
        light += m.burst * (mix(tip, u_palette[3], 0.5) * 0.75 * ring + mix(body, tip, 0.3) * (0.16 * coffer + 0.10 * exp(-1.2 * r)) + u_counter * 0.06 * smoothstep(0.62, 0.4, r));
    }
    if (m.murk > 0.0) {
        // Moss hangs from the vault.
        float moss = swell3(vec3(5.0 * at.x + 3.0 * lot.x, 0.4 * at.y, 1.0)) + 0.6 * swell3(vec3(13.0 * at.x, 0.7 * at.y + 0.05 * u_phase, 3.0));
        light *= 1.0 - 0.85 * m.murk * smoothstep(0.0, 0.16, at.y - 0.62 + 0.34 * moss - 0.18 * abs(at.x));
    }
    // The shaft of light that falls on who stands there.
    float shaft = (m.calm * 0.15 + m.weep * 0.15 + m.open * 0.17 + m.burst * 0.10 + m.murk * 0.05) * (1.0 - 0.4 * on_floor), along = at.x - focus + 0.62 * (at.y + 0.5) * (1.0 - m.burst);
    light += glow * shaft * exp(-pow(along / (0.36 + 0.05 * at.y), 2.0)) * (0.75 + 0.5 * drift) * smoothstep(-0.85, 0.2, at.y);
    light += place_visitors(at, false) * 0.6 * (1.0 - on_floor);
    light *= 1.0 - (0.55 - 0.2 * m.calm) * smoothstep(0.55, 1.25, length(vec2(at.x / wide, 0.7 * at.y)));
    return max(light, 0.0) + (tip * 0.5 + u_counter * 0.5) * 0.08 * dust(at) * (0.3 + 2.0 * dot(light, vec3(1.0)));
}
