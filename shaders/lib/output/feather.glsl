// feather: how much of a pixel at the border of a bent picture the picture covers. at: place in its part, [0, 1].
// Range: [0, 1], 1 inside. Idea: the border fades over its last pixel instead of showing stairs.
float feather(vec2 at) {
    vec2 across = dFdx(at), down = dFdy(at);
    vec2 pixel = max(sqrt(across * across + down * down), 1e-6);
    vec2 pixels = min(at, 1.0 - at) / pixel;
    return clamp(min(pixels.x, pixels.y) + 0.5, 0.0, 1.0);
}
