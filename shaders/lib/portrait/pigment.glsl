// pigment, robe_pigment, flesh_pigment: the paint that a painter mixes for so much light, in the mood's colours. Needs lib/frame,
// colour/ramp. t: 0 deepest shadow to 1 highest light; lot [0, 1): how the mixture on the brush differs. Range: linear RGB. Idea: the palette's colours
// in order of their light, shadows cooled by the light from behind (the counter colour), lights never all of one hue.
vec3 pigment(float t, float lot) {
    vec3 low = mix(u_palette[1] * 0.35, u_palette[1] * 1.3, smoothstep(0.0, 0.30, t));
    vec3 paint = mix(low, u_palette[2], smoothstep(0.22, 0.80, t));
    paint = mix(paint, u_palette[3], smoothstep(0.70, 1.25, t));
    return mix(paint, paint * 0.7 + 0.3 * u_counter * (0.2 + t), 0.55 * smoothstep(0.62, 1.0, lot));
}
vec3 robe_pigment(float t, float lot) {
    vec3 low = mix(u_palette[1] * 0.30 + 0.03 * u_counter, u_palette[1] * 1.2 + 0.05 * u_counter, smoothstep(0.0, 0.35, t));
    vec3 paint = mix(low, u_palette[2] * 1.05, smoothstep(0.28, 0.75, t));
    paint = mix(paint, u_palette[3], 0.8 * smoothstep(0.72, 1.15, t));
    return mix(paint, paint * 0.75 + 0.25 * u_counter * (0.15 + t), 0.5 * smoothstep(0.7, 1.0, lot));
}
vec3 flesh_pigment(float t, float lot) {
    vec3 low = mix(u_palette[1] * 0.55 + 0.06 * u_counter, u_palette[2] * 0.62, smoothstep(0.05, 0.42, t));
    vec3 paint = mix(low, mix(u_palette[2], u_palette[3], 0.55), smoothstep(0.36, 0.68, t));
    paint = mix(paint, u_palette[3] * 1.35, smoothstep(0.60, 0.98, t));
    return mix(paint, paint * 0.8 + 0.2 * u_counter * t, 0.6 * smoothstep(0.7, 1.0, lot));
}
