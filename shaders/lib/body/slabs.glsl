// slabs: the broken pieces a figure's surface falls into in rage. Needs nothing. at: round the body and along it, in shares of its size.
// Gives how a piece is tilted across and along [-0.5, 0.5], how far it stands out [0, 1], and how far the next crack is, in shares of the size.
// Range: as said. Idea: two families of cracks that cross askew, each row shifted against the one below, as dry stone is laid.
vec4 slabs(vec2 at) {
    vec2 q = at + 0.05 * sin(at.yx * vec2(5.0, 4.0) + vec2(0.4, 1.3)) + 0.016 * sin(at.yx * vec2(17.0, 23.0));
    float a = dot(q, vec2(1.7, 2.6)), row = floor(a), b = dot(q, vec2(3.4, -2.0)) + 0.61 * row + 0.23 * sin(3.0 * row), column = floor(b);
    vec3 h = fract(vec3(row, column, row) * vec3(0.1031, 0.1130, 0.0973) + 0.41);
    h += dot(h, h.yzx + 33.33);
    h = fract((h.xxy + h.yzz) * h.zyx);
    vec2 f = vec2(a - row, b - column);
    f = min(f, 1.0 - f) / vec2(3.1, 3.9);
    // Some pieces are split once more.
    float c = dot(q, vec2(5.0, -4.4)) + 5.0 * h.x, half_way = abs(fract(c) - 0.5) / 6.7;
    float split = step(0.55, h.y);
    h.xy = mix(h.xy, fract(h.xy + 0.37 * floor(c - 0.5)), split);
    return vec4(h.xy - 0.5, h.z, min(min(f.x, f.y), mix(1.0, half_way, split)));
}
