// carving: the height of what wind and water have carved in a figure of sand. Needs lib/frame, noise/swell3.
// at: round the body and along it, in shares of its size; style: x how far rills run down it [0, 1], y how clotted it is [0, 1], z how far
// its crests rise to the sides [0, 1], w how far they are broken off [0, 1]. Range: about 0 to 1. dune_ridge: a crest in each unit, [0, 1].
// Idea: the crests of dunes: a long slope and a steep one, which wander; light from the side draws them as lines. Ripples lie across them.
float dune_ridge(float x) {
    float f = fract(x), up = f / 0.68, down = (1.0 - f) / 0.32, h = min(up, down);
    return h * h * (1.9 - 0.9 * h);
}
float carving(vec2 at, vec4 style) {
    float slow = sin(at.y * 2.1 + 2.3 * at.x + 0.6), quick = sin(at.y * 5.6 - 3.9 * at.x + 1.0);
    float x = at.x * (1.0 + 0.5 * style.z * clamp(at.y, -0.5, 1.0)) + 0.10 * slow + 0.032 * quick + 0.10 * style.z * at.y;
    float crests = (0.62 + 0.20 * quick) * dune_ridge(2.7 * x + 0.36) + (0.30 - 0.14 * slow) * dune_ridge(6.1 * x + 0.2 + 0.3 * slow);
    float lines = 0.5 + 0.5 * sin(74.0 * (at.y + 0.10 * slow + 0.05 * sin(9.0 * at.x) + 0.5 * at.x * at.x));
    float h = crests + 0.11 * lines * (0.5 + 0.5 * quick);
    if (style.x > 0.01) {
        float r = at.x + 0.035 * sin(4.1 * at.y + 5.0 * at.x) + 0.014 * sin(13.0 * at.y - 3.0 * at.x);
        float a = abs(fract(6.3 * r) * 2.0 - 1.0), b = abs(fract(14.7 * r + 0.3 + 0.4 * sin(5.0 * r)) * 2.0 - 1.0);
        h = mix(h, 0.62 * a * a * (0.7 + 0.3 * sin(9.0 * r + 2.0 * at.y)) + 0.34 * b * b, 0.9 * style.x);
    }
    if (style.y > 0.01) {
        vec3 q = vec3(at * vec2(9.0, 6.0), 1.7);
        float lump = swell3(q + 1.2 * swell3(q * 0.47)), crease = abs(swell3(q * 2.3 + 1.5 * lump));
        h = mix(h, 0.42 + 0.8 * lump + 0.75 * sqrt(crease), 0.85 * style.y);
    }
    return h;
}
