// place_ajar, place_ajar_x: the one light where somebody hides: through a door ajar, under a shut one, or a high barred window. Needs lib/frame,
// place/floor. at: scene units; lot: three numbers of the room, [0, 1). Gives the light on the wall, [0, 2]; place_ajar_x where across it comes
// in, and as its sign, whether it lies along the floor from there (1) or not. Idea: always from the right, where such a look's lamp stands.
float place_ajar_x(vec3 lot) { return (0.52 + 0.30 * lot.x) * u_resolution.x / min(u_resolution.x, u_resolution.y); }
float place_ajar(vec2 at, vec3 lot) {
    vec2 door = at - vec2(place_ajar_x(lot), place_horizon_y());
    float high = 0.85 + 0.35 * lot.z, breath = 0.012 * sin(0.7 * u_phase);
    float spill = 0.12 * exp(-5.0 * abs(door.x)) * smoothstep(high + 0.4, 0.0, door.y);
    if (lot.y < 0.45) {
        // Ajar: wider at its foot, as its leaf stands askew.
        float gap = mix(0.020, 0.055, lot.z) * (1.25 - 0.5 * door.y / high) + breath, soft = 0.060 + 0.04 * smoothstep(0.0, high, door.y);
        float leaning = door.x + 0.03 * (lot.x - 0.5) * door.y;
        return 0.95 * smoothstep(gap + soft, gap - 0.9 * soft, abs(leaning)) * smoothstep(high, high - 0.20, door.y) * (0.45 + 0.55 * smoothstep(0.9 * high, 0.0, door.y)) + spill;
    }
    if (lot.y < 0.72) {
        // Shut: a line of light under it, and its faint frame.
        float half_ = 0.20 + 0.10 * lot.z, under = exp(-door.y * door.y / 0.0016) * smoothstep(half_ + 0.03, half_ - 0.05, abs(door.x));
        float frame = exp(-pow((abs(door.x) - half_) / 0.030, 2.0)) * smoothstep(high, high - 0.2, door.y) * smoothstep(-0.02, 0.05, door.y);
        return 1.5 * under + 0.10 * frame + 0.8 * exp(-9.0 * abs(door.y)) * exp(-3.0 * max(abs(door.x) - half_, 0.0)) * 0.22;
    }
    // A small window high up, its light slanting into the room.
    vec2 w = door - vec2(0.0, 0.92 + 0.2 * lot.z);
    float bars = 1.0 - 0.5 * smoothstep(0.2, 0.8, cos(62.0 * w.x)), pane = smoothstep(0.035, -0.035, abs(w.x) - 0.13) * smoothstep(0.035, -0.035, abs(w.y) - 0.16) * bars;
    float falls = -w.y, across = w.x + 0.95 * falls, wide = 0.13 + 0.22 * max(falls, 0.0);
    float shaft = smoothstep(0.0, 0.15, falls) * smoothstep(wide, 0.0, abs(across)) * exp(-0.8 * falls) * smoothstep(-0.05, 0.35, door.y);
    return 1.3 * pane + 0.26 * shaft + 0.10 * exp(-6.0 * length(w));
}
