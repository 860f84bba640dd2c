// pattern_ramp: greys against banding and for gamma. at: place in the part, [0, 1], y down; pixel: of the window.
// Range: [0, 1], sRGB. Rows: 5 % steps from black to white, the same backwards, an even ramp, the darkest 20 values of 255,
// and a ground of black and white lines (half the light) with patches of 30 to 70 % light: where gamma is right, the
// middle patch melts into the lines when looked at from afar.
vec3 pattern_ramp(vec2 at, vec2 pixel) {
    float step_of_5 = floor(min(at.x, 0.99999) * 21.0) / 20.0;
    if (at.y < 0.2) return vec3(step_of_5);
    if (at.y < 0.4) return vec3(1.0 - step_of_5);
    if (at.y < 0.55) return vec3(at.x);
    if (at.y < 0.7) return vec3(floor(at.x * 20.0) / 255.0);
    float lines = mod(floor(pixel.y), 2.0);
    float patch_number = floor(at.x * 5.0);
    vec2 inside = abs(vec2(fract(at.x * 5.0), (at.y - 0.7) / 0.3) - 0.5);
    float grey = 0.3 + 0.1 * patch_number;
    return max(inside.x, inside.y) < 0.28 ? to_srgb(vec3(grey)) : vec3(lines);
}
