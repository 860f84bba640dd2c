// place_horizon_y, place_floor_y, place_focus_x, place_ground, place_wet: where the floor of the room is, and how it mirrors.
// Needs lib/frame. Scene units, y up. place_horizon_y: where floor and air meet; place_floor_y: where what hangs in the middle would
// stand; place_ground(at): a place on the floor seen at `at` (below the horizon): x, and depth (1 under the forms, larger far away).
// place_focus_x: where the visitors are, across; 0 with nobody. place_wet: range [0, 1], dry to a mirror. Idea: one floor for all, in one-point perspective. Use: a scene's own ground lies at place_floor_y(); what it draws there mixes in place_wet().
float place_horizon_y() { return -0.40 + 0.10 * u_droop; }
float place_floor_y() { return place_horizon_y() - 0.36; }
float place_focus_x() {
    vec2 sum = vec2(0.0, 0.3);
    for (int i = 0; i < u_people; i++) sum += u_place[i].w * vec2(u_place[i].x, 1.0);
    return sum.x / sum.y;
}
vec2 place_ground(vec2 at) {
    float depth = 0.36 / max(place_horizon_y() - at.y, 0.03);
    return vec2(at.x * depth, depth);
}
float place_wet() {
    return clamp(0.95 * max(u_droop, 0.0) + 0.55 * (1.0 - u_roughness) - 0.8 * u_spikiness * u_spikiness, 0.0, 1.0);
}
