// carving: the height of the cloth that is carved in a statue. Needs lib/frame.
// at: round the body and along it, in shares of its size; style: x how far it hangs in long straight folds [0, 1], y how far mud hangs from it [0, 1], z how far
// its folds rise to the sides [0, 1], w how far it is broken off [0, 1]. Range: about 0 to 1.
// fold_ridge: one fold across x, [0, 1], period 1.
// Idea: a fold has a long slope and a steep one, and wanders; light from the side draws it as a line. Over the breast they hang in bows.
float fold_ridge(float x) {
    float f = fract(x), up = f / 0.68, down = (1.0 - f) / 0.32, h = min(up, down);
    return h * h * (1.9 - 0.9 * h);
}
// A tongue of mud in each column, round at its end.
float mud_tongue(vec2 at, float many, float lot) {
    float x = at.x * many + 0.30 * sin(3.1 * at.y + 2.0 * at.x + 5.0 * lot), column = floor(x), f = x - column - 0.5, h = fract(column * 0.618 + lot), far = 0.45 + 0.40 * fract(column * 0.377 + lot);
    float y = fract(1.1 * at.y - h), over = max(y - far, 0.0) / 0.09, wide = 0.30 + 0.17 * smoothstep(0.2, 1.0, y / far), across = f / wide;
    float swells = max(1.0 - across * across - over * over, 0.0);
    return swells * (1.7 - 0.7 * swells) * smoothstep(0.0, 0.20, y);
}
float carving(vec2 at, vec4 style) {
    float slow = sin(at.y * 2.1 + 2.3 * at.x + 0.6), quick = sin(at.y * 5.6 - 3.9 * at.x + 1.0);
    float x = at.x * (1.0 + 0.5 * max(style.z, 0.0) * clamp(at.y, -0.5, 1.0)) + 0.10 * slow + 0.032 * quick + 0.10 * max(style.z, 0.0) * at.y;
    float h = (0.62 + 0.20 * quick) * fold_ridge(2.7 * x + 0.36) + (0.30 - 0.14 * slow) * fold_ridge(6.1 * x + 0.2 + 0.3 * slow);
    if (style.x > 0.01) {
        float r = at.x + 0.022 * sin(2.1 * at.y + 5.0 * at.x), one = abs(fract(3.7 * r) * 2.0 - 1.0), other = abs(fract(8.3 * r + 0.3 + 0.4 * sin(5.0 * r)) * 2.0 - 1.0);
        h = mix(h, 0.66 * one * one * (2.0 - one) + 0.24 * other * other, 0.85 * style.x);
    }
    // From shoulder to shoulder it hangs in bows over the breast.
    float bow = at.y + 4.5 * at.x * at.x, hung = smoothstep(0.10, 0.22, bow) * smoothstep(0.80, 0.48, bow) * smoothstep(0.42, 0.26, abs(at.x)) * (1.0 - style.y) * step(at.y, 1.0);
    if (hung > 0.0) h = mix(h, 0.25 + 0.60 * fold_ridge(-5.2 * bow + 0.5 * quick * at.x + 0.25), 0.8 * hung);
    if (style.y > 0.01) h = mix(h, 0.9 * max(max(mud_tongue(at, 3.4, 0.0), 0.70 * mud_tongue(at + 0.37, 5.9, 0.5)), 0.22 * mud_tongue(at * 1.7, 9.0, 0.2)) + 0.12 * quick, style.y);
    return h;
}
