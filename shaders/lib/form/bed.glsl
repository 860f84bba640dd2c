// bed_size, bed_middle, bed_clip, bed_at: how large a visitor's group is, and the ground that crystals grow from, on the room's own floor. Needs lib/frame, view/to_clip,
// place/floor. Range: scene units; the eye looks level at height 0 (the horizon), so that the ground lies at y = FLOOR; z towards the
// viewer. Idea: the lens is shifted down to the room's horizon instead of tilted, so that upright things stay upright and look tall.
const float FLOOR = -0.36;
float bed_size(int shape) { return 1.16 * (0.34 * smoothstep(0.0, 0.35, u_place[shape].z) + 0.60 * u_place[shape].z); }
// The middle of a visitor's group on the ground; under the head where only a face is seen. Groups keep apart, and within the picture.
float bed_stands(int shape) {
    float face = u_seen[shape].w * clamp(1.5 - u_seen[shape].x, 0.0, 1.0);
    return mix(u_place[shape].x, u_head[shape].x, face);
}
vec3 bed_middle(int shape) {
    float own = bed_stands(shape), x = own;
    for (int i = 0; i < u_people; i++) {
        float away = own - bed_stands(i), room = 0.62 * (bed_size(shape) + bed_size(i));
        if (i != shape) x += 0.5 * max(room - abs(away), 0.0) * u_place[i].w * (away > 0.0 || (away == 0.0 && shape > i) ? 1.0 : -1.0);
    }
    // Where one hides walls stand at the sides.
    float walls = smoothstep(0.20, 0.55, u_tremble * (1.0 - u_spread)), most = max(u_resolution.x / min(u_resolution.x, u_resolution.y) - mix(0.95, 1.10, walls) * bed_size(shape), 0.2);
    return vec3(clamp(x, -most, most), FLOOR, 0.0);
}
vec4 bed_clip(vec3 p) {
    vec4 clip = to_clip(p);
    float tall = u_resolution.x > u_resolution.y ? 1.0 : u_resolution.x / u_resolution.y;
    clip.y += place_horizon_y() * tall * clip.w / u_part.w;
    return clip;
}
// The place on the ground that is seen at a place of the picture below the horizon: x, z, and how many times as far as the groups.
vec3 bed_at(vec2 seen) {
    float far = FLOOR / min(seen.y - place_horizon_y(), -1e-3);
    return vec3(seen.x * far, EYE - EYE * far, far);
}
