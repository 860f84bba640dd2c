// place_sea: the room that is a sea. Needs lib/frame, place/mood, sky. at: scene units, y up; lot: three numbers of the
// room, [0, 1). Range: linear RGB, [0, inf). Idea: under water, light falls from above through it.
vec3 place_sea(vec2 at, PlaceMood m, vec3 lot) {
    return place_air(m);
}
