// place_sun, place_lamp: where the light of the room stands: sun, moon, the glow behind a ridge, the gap in a forest; and the lamp on a far shore. Needs lib/frame, place/mood, place/floor.
// lot: three numbers of the room, [0, 1). Range: scene units: x, y and the radius of its disc. Idea: on the left, as the key light of the forms
// (light/key), and on the right where a look hides, as that is; moods' places are mixed by their shares, so it goes over without a jump.
vec2 place_lamp(vec3 lot) {
    return vec2(mix(0.42, 0.72, fract(lot.x * 6.0)) * u_resolution.x / min(u_resolution.x, u_resolution.y), place_horizon_y() + mix(0.07, 0.14, lot.z));
}
vec3 place_sun(PlaceMood m, vec3 lot) {
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y), behind = 0.8 * place_focus_x();
    float sum = m.calm + m.weep + m.hard + m.hide + m.open + m.burst + m.murk + 1e-3;
    vec3 sun = m.calm * vec3(-mix(0.20, 0.46, lot.x) * wide, mix(0.66, 0.94, lot.z), 0.135) + m.weep * vec3(-mix(0.20, 0.50, lot.x) * wide, 0.42, 0.10);
    sun += m.hard * vec3(-mix(0.22, 0.48, lot.x) * wide, 0.17, 0.30) + m.hide * vec3(mix(0.36, 0.56, lot.x) * wide, 0.20, 0.10);
    sun += m.open * vec3(mix(behind - mix(0.30, 0.62, lot.x), -0.4 * wide, 0.2), mix(0.34, 0.50, lot.z), 0.23) + m.burst * vec3(behind, 0.50, 0.20);
    sun += m.murk * vec3(-mix(0.42, 0.62, lot.x) * wide, mix(0.40, 0.56, lot.z), 0.17);
    return sun / sum + vec3(0.0, place_horizon_y(), 0.0);
}
