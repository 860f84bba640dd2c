// ramp: the palette's deep, middle and accent colours along t. Range: t in [0, 1]; linear RGB.
// Idea: two steps that overlap, so that no band of one flat colour shows.
vec3 ramp(vec3 palette[4], float t) {
    vec3 low = mix(palette[1], palette[2], smoothstep(0.0, 0.55, t));
    return mix(low, palette[3], smoothstep(0.5, 1.0, t));
}
