// to_srgb, to_linear: between linear light and sRGB's encoding. Source: IEC 61966-2-1. Range: [0, 1] both ways.
vec3 to_srgb(vec3 c) {
    return mix(12.92 * c, 1.055 * pow(max(c, 0.0), vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}
vec3 to_linear(vec3 c) { return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c)); }
