// place_hung: the sky with the composed picture's colours in it, out of focus. Needs lib/frame, noise/swell3, colour/as_seen, place/mood, floor.
// at: scene units; sky: linear RGB; lot: three numbers of the room, [0, 1), which say the part of it that is seen, and which way round.
// Range: linear RGB. Idea: a sky has its painter's colours, not the strokes; dark where the place is dark; who is there stands before haze.
vec3 place_hung(vec2 at, vec3 sky, PlaceMood m, vec3 lot) {
    if (u_picture_strength <= 0.0) return sky;
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y), foot = place_horizon_y() - 0.15, head = u_resolution.y / min(u_resolution.x, u_resolution.y) + 0.10;
    float part = mix(0.95, 0.60, lot.z), torn = swell3(vec3(at * vec2(0.9, 1.7) + 5.0 * lot.zx, 2.0 + 0.05 * u_phase));
    vec2 uv = vec2(at.x / (2.1 * wide), (at.y - foot) / (head - foot) - 0.5) * part + 0.5 + vec2(lot.y - 0.5, 0.35 * (lot.x - 0.3)) * (1.0 - part) + 0.025 * torn;
    if (fract(lot.x * 16.0) < 0.5) uv.x = 1.0 - uv.x;
    float near = 0.0;
    for (int i = 0; i < u_people; i++) {
        vec2 away = (at - vec2(u_place[i].x, u_place[i].y - 0.1)) * vec2(1.25, 0.85);
        near = max(near, u_place[i].w * exp(-1.3 * dot(away, away)));
    }
    float shown = smoothstep(-0.9, 0.3, torn) * (1.0 - 0.45 * near) * (1.0 - 0.45 * m.open - 0.30 * m.hard - 0.40 * m.hide - 0.35 * m.burst - 0.30 * m.murk) * u_picture_strength;
    vec3 paint = vec3(0.0);
    for (int k = 0; k < 3; k++) {
        vec2 to = uv + 0.035 * part * vec2(cos(2.0944 * float(k) + 0.4), 1.7 * sin(2.0944 * float(k) + 0.4));
        vec3 one = textureLod(u_picture, to, 4.3).rgb;
        if (u_picture_fade < 1.0) one = mix(textureLod(u_picture_before, to, 4.3).rgb, one, u_picture_fade);
        paint += one;
    }
    paint = as_seen(0.3333 * paint);
    float lit = sqrt(dot(sky, vec3(0.2126, 0.7152, 0.0722)));
    return mix(sky, paint * min(0.06 + 1.15 * lit, 0.80) + sky * 0.45, 0.85 * shown);
}
