// place_visitors: what each visitor's form throws of its own colours into the room at a place. Needs lib/frame, place/floor.
// at: scene units; on_floor: whether it lies there. Range: linear RGB, [0, inf).
// Idea: a soft light of its palette round each, flat where it lies on the floor.
vec3 place_visitors(vec2 at, bool on_floor) {
    vec3 light = vec3(0.0);
    for (int i = 0; i < u_people; i++) {
        vec2 away = on_floor ? (at - vec2(u_place[i].x, place_floor_y())) * vec2(0.75, 2.6) : at - u_place[i].xy;
        float near = exp(-1.5 * dot(away, away)) * u_place[i].w;
        light += mix(u_own_palette[4 * i + 2], u_own_palette[4 * i + 3], 0.25) * near * (0.055 + 0.05 * u_self[i].z) * (on_floor ? 1.6 : 1.0);
    }
    return light;
}
