// place_stage: the room that is a stage. Needs lib/frame, place/mood, sky. at: scene units, y up; lot: three numbers of the
// room, [0, 1). Range: linear RGB, [0, inf). Idea: a curtain in folds, and light thrown on it.
vec3 place_stage(vec2 at, PlaceMood m, vec3 lot) {
    return place_air(m);
}
