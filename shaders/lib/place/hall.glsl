// place_hall: the room that is a hall. Needs lib/frame, place/mood, sky. at: scene units, y up; lot: three numbers of the
// room, [0, 1). Range: linear RGB, [0, inf). Idea: columns and one window.
vec3 place_hall(vec2 at, PlaceMood m, vec3 lot) {
    return place_air(m);
}
