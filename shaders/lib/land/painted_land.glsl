// painted_sky, painted_soft, seen_at: the composed picture as a painted backdrop that stands at the horizon, as light. Needs lib/frame,
// land/ground, picture/picture, colour/as_seen. at: place in the picture (scene units), as seen_at gives it of a place on the land;
// lod: 0 sharp to 8 one colour. Range: linear RGB, [0, 3]. Idea: the picture's horizon, a little under its middle, is laid on the
// land's; it is drawn somewhat wider than high, which landscapes take well; below the horizon its own land goes on, and the relief's
// distance dissolves into it.
const float PAINTED_HORIZON = 0.44;
vec2 backdrop_uv(vec2 at) {
    vec2 half_size = u_resolution / min(u_resolution.x, u_resolution.y);
    // A picture's outermost border is left out: there its painter has less to go by.
    float tall = min(0.86 / half_size.x, (0.97 - PAINTED_HORIZON) / (half_size.y - HORIZON));
    vec2 scale = vec2(min(tall * 0.62, 0.465 / half_size.x), tall);
    return clamp(vec2(0.5, PAINTED_HORIZON) + scale * (at - vec2(0.0, HORIZON)), 0.03, 0.97);
}
float painted_lit() { return mix(0.62, 0.90, u_presence) * (0.70 + 0.30 * min(u_light, 1.4)); }
vec2 seen_at(vec3 place) { return vec2(place.x, place.y - GROUND_EYE) * LENS / place.z + vec2(0.0, HORIZON); }
vec3 painted_sky(vec2 at) {
    vec2 uv = backdrop_uv(at);
    // The painter's picture has few pixels for a wall: it is laid in strokes like the land before it, where a GPU draws.
#ifdef ON_PROCESSOR
    // Where a processor draws, half out of focus: what the painter left hard or noisy does not stand before the figures.
    return as_seen(mix(picture(uv), picture_soft(uv, 1.8), 0.6)) * painted_lit();
#else
    return as_seen(picture_in_strokes(uv)) * painted_lit();
#endif
}
vec3 painted_soft(vec2 at, float lod) { return as_seen(picture_soft(backdrop_uv(at), lod)) * painted_lit(); }
