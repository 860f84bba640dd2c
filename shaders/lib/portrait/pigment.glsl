// muted, ground_pigment, robe_pigment, flesh_pigment: the paint that a painter mixes for so much light, in the mood's colours. Needs lib/frame.
// t: 0 deepest shadow to 1 highest light; lot [0, 1): how the mixture on the brush differs. Range: linear RGB. Idea: few tones from a dark
// ground to a small highest light; what is between is greyed, as paint is, so that full colour is left for the lights; some strokes take
// up the light from behind (the counter colour).
vec3 muted(vec3 c, float by) { return mix(c, vec3(dot(c, vec3(0.2126, 0.7152, 0.0722))), by); }
vec3 ground_pigment(float t, float lot) {
    vec3 low = mix(u_palette[1] * 0.22, u_palette[1] * 1.05, smoothstep(0.0, 0.42, t));
    vec3 paint = mix(low, muted(mix(u_palette[1], u_palette[2], 0.72), 0.12), smoothstep(0.30, 0.85, t));
    paint = mix(paint, mix(u_palette[2], u_palette[3], 0.55), smoothstep(0.80, 1.35, t));
    paint *= 1.25;
    return mix(paint, muted(paint, 0.3) * 0.8 + 0.16 * u_counter * t, 0.6 * smoothstep(0.55, 1.0, lot));
}
vec3 robe_pigment(float t, float lot) {
    vec3 low = mix(u_palette[1] * 0.10, u_palette[1] * 0.85, smoothstep(0.02, 0.38, t));
    vec3 paint = mix(low, muted(mix(u_palette[1], u_palette[2], 0.80), 0.28) * 1.1, smoothstep(0.30, 0.76, t));
    paint = mix(paint, mix(u_palette[2], u_palette[3], 0.7), 0.9 * smoothstep(0.78, 1.25, t));
    return mix(paint, paint * 0.82 + 0.10 * u_counter * t, smoothstep(0.5, 1.0, lot));
}
vec3 flesh_pigment(float t, float lot) {
    vec3 shadow = mix(u_palette[1] * 0.12 + 0.02 * muted(u_palette[2], 0.5), muted(mix(u_palette[1], u_palette[2], 0.45), 0.25) * 0.75, smoothstep(0.02, 0.36, t));
    vec3 paint = mix(shadow, muted(mix(u_palette[2], u_palette[3], 0.34), 0.38) * 0.95, smoothstep(0.28, 0.66, t));
    // Where light turns into shadow flesh is at its warmest.
    float turning = (t - 0.34) / 0.16;
    paint = mix(paint, muted(u_palette[2], 0.25) * 0.8, 0.36 * exp(-turning * turning));
    paint = mix(paint, muted(mix(u_palette[2], u_palette[3], 0.72), 0.34) * 1.60, smoothstep(0.58, 1.0, t));
    return mix(paint, paint * 0.86 + 0.10 * u_counter * t, smoothstep(0.6, 1.0, lot));
}
