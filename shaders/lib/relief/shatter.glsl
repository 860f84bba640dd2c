// shatter: the pieces that a sheet of slate breaks into round a blow. Needs noise/hash, noise/lots. away: from the blow, in sizes of who strikes.
// Gives how a piece is tilted [-0.5, 0.5] twice, how far the nearest crack is, in the same sizes, and a lot of the piece [0, 1).
// Range: as said. Idea: rays at uneven angles; between two of them breaks at uneven distances, each askew, wider apart farther out.
vec4 shatter(vec2 away) {
    const float RAYS = 14.0;
    away += 0.035 * (sin(away.yx * vec2(5.1, 6.3) + vec2(0.4, 1.3)) + 0.5 * sin(away.yx * vec2(13.0, 11.0)));
    float r = length(away) + 1e-3, turn = (atan(away.y, away.x) / 6.2831853 + 0.5) * RAYS, ray = floor(turn);
    float low = ray + 0.7 * (lots(int(mod(ray, RAYS))).x - 0.5), high = ray + 1.0 + 0.7 * (lots(int(mod(ray + 1.0, RAYS))).x - 0.5);
    if (turn < low) {
        ray -= 1.0;
        high = low;
        low = ray + 0.7 * (lots(int(mod(ray, RAYS))).x - 0.5);
    } else if (turn > high) {
        ray += 1.0;
        low = high;
        high = ray + 1.0 + 0.7 * (lots(int(mod(ray + 1.0, RAYS))).x - 0.5);
    }
    ray = mod(ray, RAYS);
    vec4 own = lots(int(ray) + 40);
    float f = (turn - low) / max(high - low, 0.05), askew = (own.x - 0.5) * 2.6 * (f - 0.5);
    float ring = 1.15 * log2(r) + askew + 3.0 * own.y + 20.0, piece = floor(ring), g = ring - piece;
    vec4 lot = lots(int(ray) * 57 + int(piece));
    float beside = min(f, 1.0 - f) * max(high - low, 0.05) * 6.2831853 / RAYS * r, before = min(g, 1.0 - g) * 0.60 * r;
    // Some pieces hold together.
    return vec4(lot.xy - 0.5, min(beside, before + 0.5 * r * step(lot.w, 0.45)), lot.z);
}
