// bed_uv, bed_wet: the stone of the bed: where the generated picture lies on it, and how wet it is where the picture has this grey [0, 1].
// Needs lib/frame, place/floor. at: x, z on the ground. Range: [0, 1]. Idea: dark hollows hold water, which mirrors; bright stone is dry.
vec2 bed_uv(vec2 at) { return at * vec2(0.50, 0.36) + 0.3; }
float bed_wet(float grey) { return smoothstep(0.62, 0.30, grey - 0.35 * place_wet()); }
