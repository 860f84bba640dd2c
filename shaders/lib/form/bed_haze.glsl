// bed_haze: what the air before a place in the room of the bed takes: the room's own light behind it (linear RGB), and the share of it [0, 1].
// Needs lib/frame, view/to_clip, place/floor, place/backdrop. p: scene units, z towards the viewer. Idea: once a thing, in its vertex shader.
vec4 bed_haze(vec3 p) {
    vec2 seen = p.xy * (EYE / (EYE - p.z)) + vec2(0.0, place_horizon_y());
    return vec4(backdrop_near(seen * 0.5 * min(u_resolution.x, u_resolution.y) / u_resolution + 0.5), 1.0 - exp(-0.55 * max(-0.05 - p.z, 0.0) * (1.0 + u_fog)));
}
