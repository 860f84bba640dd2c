// place_light, place_lit: the room at a place: air, floor, the visitors' lights and shadows on it, dust, and the composed picture where there is one.
// Needs lib/frame, noise/swell3, noise/hash, colour/as_seen, and place/mood, floor, wall, contact_shadow, dust.
// at: scene units, y up. Range: linear RGB, [0, inf). u_stage 0 leaves the plain background. Use: passes/room.frag draws it once a frame, small,
// and place/backdrop reads that; a scene calls this itself only for a few places (it costs about as much as ten textures).
// Idea: the floor mirrors the air, the more the wetter and the farther away, and shows pools of light in perspective.
vec3 place_visitors(vec2 at, bool on_floor) {
    vec3 light = vec3(0.0);
    for (int i = 0; i < u_people; i++) {
        vec2 away = on_floor ? (at - vec2(u_place[i].x, place_floor_y())) * vec2(0.75, 2.6) : at - u_place[i].xy;
        float near = exp(-1.5 * dot(away, away)) * u_place[i].w;
        light += mix(u_own_palette[4 * i + 2], u_own_palette[4 * i + 3], 0.25) * near * (0.055 + 0.05 * u_self[i].z) * (on_floor ? 1.6 : 1.0);
    }
    return light;
}
// place_hung: the air with the composed picture in it, as a huge soft projection that dissolves towards its borders and into haze.
vec3 place_hung(vec2 at, vec3 wall, PlaceMood m, vec3 lot) {
    if (u_picture_strength <= 0.0) return wall;
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y), foot = place_horizon_y() - 0.10, head = u_resolution.y / min(u_resolution.x, u_resolution.y) + 0.06;
    vec2 uv = vec2(at.x / (2.1 * wide) + 0.5, (at.y - foot) / (head - foot));
    float torn = 0.10 * swell3(vec3(at * 1.7, 0.07 * u_phase)), border = min(min(uv.x, 1.0 - uv.x) * 1.6, 1.15 - uv.y) + torn;
    // Haze eats into it, most of all where it meets the ground: no room shows all of it, and none an edge.
    float drifts = swell3(vec3(at * vec2(0.8, 1.2) + 5.0 * lot.zx, 2.0 + 0.05 * u_phase));
    float shown = smoothstep(0.0, 0.40, border) * smoothstep(-0.05, mix(0.30, 0.75, lot.y), uv.y + torn) * smoothstep(-0.75, 0.15, drifts) * u_picture_strength;
    // Which part of it, how near and which way round it is seen, the lots say.
    float part = mix(1.0, 0.50, lot.z);
    uv = mix(0.5 + vec2(lot.y - 0.5, 0.35 * (lot.x - 0.3)) * (1.0 - part), uv, part);
    if (fract(lot.x * 16.0) < 0.5) uv.x = 1.0 - uv.x;
    // Who is there stands before the haze and not before a busy painting.
    float near = 0.0;
    for (int i = 0; i < u_people; i++) {
        vec2 away = (at - vec2(u_place[i].x, u_place[i].y - 0.1)) * vec2(1.25, 0.85);
        near = max(near, u_place[i].w * exp(-1.3 * dot(away, away)));
    }
    shown *= 1.0 - 0.50 * near;
    // Out of focus, as what stands far behind is: a ring of reads, wider than the room's own pixels, so that no block of either shows.
    float lod = 3.9 + 0.9 * fract(lot.y * 3.0) + 0.3 * near, reach = part * (0.026 + 0.014 * fract(lot.y * 3.0) + 0.006 * near);
    vec3 paint = vec3(0.0);
    for (int k = 0; k < 5; k++) {
        vec2 to = uv + reach * vec2(cos(1.2566 * float(k) + 0.4), 1.7 * sin(1.2566 * float(k) + 0.4));
        paint += mix(textureLod(u_picture_before, to, lod).rgb, textureLod(u_picture, to, lod).rgb, u_picture_fade);
    }
    paint = as_seen(0.2 * paint);
    // The place's own light falls on it: dark where the place is dark.
    float lit = sqrt(dot(wall, vec3(0.2126, 0.7152, 0.0722)));
    return mix(wall, paint * min(0.10 + 1.1 * lit, 0.75) + wall * 0.55, 0.90 * shown);
}
// place_lit: all of it, in the room of one scene.
vec3 place_lit(vec2 at, PlaceMood m, vec3 lot) {
    float below = place_horizon_y() - at.y, wet = place_wet();
    vec2 ground = place_ground(at);
    // Where floor and air meet there is no line: mist lies there, thin in one place and thick in another, and in some rooms one never sees where they do.
    float mist = swell3(vec3(0.7 * at.x + 7.0 * lot.y + 0.04 * u_phase, 3.0 * lot.z, 1.0)), soft = (mix(0.10, 0.32, lot.y * lot.y) + 0.10 * u_fog) * (1.0 + 0.55 * mist) * mix(1.0, 0.6, wet);
    float floor_here = smoothstep(-0.55 * soft, 1.45 * soft, below + 0.04 * mist);
    // Ripples break what the floor mirrors into strokes that lie across.
    float ripple = swell3(vec3(ground.x * 2.0, ground.y * 7.0, 0.25 * u_phase));
    vec2 seen = below > 0.0 ? vec2(at.x + 0.05 * ripple * wet, place_horizon_y() + 0.6 * below + 0.02 * ripple) : at;
    vec3 wall = place_wall(seen, m, lot);
    wall = place_hung(seen, wall, m, lot);
    float mirror = mix(0.10, 0.85, wet) * mix(1.0, 0.55, smoothstep(0.0, 0.6, below));
    // The ground takes light of its own: the pool under the lamp of each mood.
    float grain = 0.85 + 0.15 * swell3(vec3(ground * vec2(3.0, 3.0), 1.0));
    vec3 pool = (u_palette[1] * 0.40 + u_palette[2] * 0.016) * exp(-0.55 * abs(ground.x)) * (1.0 - 0.8 * m.hide) * (1.0 - 0.5 * m.hard) * (1.0 - 0.4 * m.murk);
    float lies = lot.x < 0.5 ? -0.60 : 0.60;
    pool += m.calm * mix(u_palette[3], u_counter, 0.3) * 0.06 * exp(-3.0 * (ground.x - lies) * (ground.x - lies) - 1.5 * (ground.y - 1.0) * (ground.y - 1.0));
    // The light through a door falls along the floor; its borders are softer than the room's pixels are large.
    float under = max(below, 0.0), beam = abs(at.x - place_ajar_x(lot) + mix(0.7, 1.3, lot.z) * under), blur = 0.06 + 0.20 * under, half_ = mix(0.02, 0.06, lot.z) + 0.34 * under;
    float barred = smoothstep(0.70, 0.74, lot.y);
    pool += m.hide * u_counter * 0.26 * (1.0 - barred) * smoothstep(half_ + blur, half_ - blur, beam) * smoothstep(0.75, 0.02, below) * smoothstep(0.0, 0.16, below);
    // Through a high window it falls on one place.
    vec2 patch_ = (at - vec2(place_ajar_x(lot) - 1.15, place_horizon_y() - 0.24)) / vec2(0.42, 0.11);
    pool += m.hide * u_counter * 0.16 * barred * exp(-dot(patch_, patch_));
    float bars = swell3(vec3(ground.x * 1.3 + 0.6 * ground.y + 5.0 * lot.y, 0.5 * ground.x, 3.0));
    pool += m.hard * mix(u_palette[2], u_palette[3], 0.3) * 0.11 * exp(-1.2 * abs(ground.y - 1.1)) * smoothstep(-0.1, 0.7, bars);
    pool += m.open * mix(u_palette[2], u_palette[3], 0.3) * 0.22 * exp(-2.0 * abs(at.x - 0.5 * place_focus_x() - mix(-0.5, 0.5, lot.x))) * exp(-1.2 * below);
    vec3 dry = (pool * grain + place_visitors(at, true)) * contact_shadow(at);
    vec3 light = mix(wall, wall * mirror + dry, floor_here) + place_visitors(at, false) * (1.0 - 0.6 * floor_here);
    light += (u_palette[3] * 0.5 + u_counter * 0.5) * 0.10 * dust(at) * (0.3 + 2.0 * dot(light, vec3(1.0)));
    return light;
}
vec3 place_light(vec2 at) {
    PlaceMood m = place_mood();
    vec3 light = place_lit(at, m, u_rooms[0].xyz);
    // While scenes cross-fade, so do their rooms.
    if (u_rooms[0].w < 1.0) light = mix(place_lit(at, m, u_rooms[1].xyz), light, u_rooms[0].w);
    // The welcome: the whole room lights up a little, and the floor under who comes.
    light *= 1.0 + 0.8 * u_welcome;
    return mix(u_palette[0], light, u_stage);
}
