// dust_light, dust_cells: how a visitor's figure of dust is lit, and how many grains lie on it.
// Needs lib/frame, light/shade, texture/worn_softly. n: unit vector out of the figure; dark: how little light comes back [0, 1]; glint: light of its own [0, 1];
// uv: place in the generated picture. dust_light gives linear RGB. Range: [0, inf). dust_cells: a place on the surface in cells of one grain; grain: size of one,
// about 1.
// Idea: a key light with a soft end, so that a form is told by few tones, and a hard thin edge of the counter light from behind.
const vec3 COUNTER = vec3(0.86, 0.20, -0.46);
vec3 dust_light(int who, vec3 n, float dark, float glint, float edge, vec2 uv) {
    float key = max((dot(n, KEY) + 0.18) / 1.18, 0.0), light = (0.025 + 0.05 * max(n.z, 0.0) + 1.05 * key * key) * (1.0 - 0.96 * dark) + glint;
    vec3 picture = worn_softly(uv, 2.0);
    vec3 own[4] = vec3[4](u_own_palette[4 * who], u_own_palette[4 * who + 1], u_own_palette[4 * who + 2], u_own_palette[4 * who + 3]);
    vec3 colour = dress_in(own, picture, clamp(0.18 + 0.80 * light + u_self[who].y, 0.0, 1.0));
    float lit = (0.55 * u_light + 0.30 * u_fill + 0.6 * u_glow) * (1.0 + 0.8 * u_welcome);
    return colour * lit * 2.3 * light + u_counter * edge * max(dot(n, COUNTER) + 0.10, 0.0) * (1.0 - 0.6 * dark) * 1.9 * (0.5 + 0.5 * u_light);
}
vec2 dust_cells(vec2 place, float grain) { return place / max(0.0066 * grain, 3.1 / min(u_resolution.x, u_resolution.y)); }
