// backdrop, backdrop_near: the room behind everything as it has been drawn (passes/room.frag), at a place of the picture. Cheap: four texture reads.
// Needs lib/frame. uv: (0, 0) at the picture's bottom left; range: linear RGB, [0, inf). Use: in a scene that covers the whole picture, for its
// distance, for what shines through and what is mirrored; backdrop_near is a single read, for where it is blurred anyway.
// Idea: the room is soft and drawn small; a cubic B-spline of four bilinear reads shows no pixel of it (Sigg and Hadwiger 2005).
vec3 backdrop_near(vec2 uv) { return textureLod(u_backdrop, uv, 0.0).rgb; }
vec3 backdrop(vec2 uv) {
    vec2 size = vec2(textureSize(u_backdrop, 0)), at = uv * size - 0.5, f = fract(at), low = at - f + 0.5;
    vec2 f2 = f * f, f3 = f2 * f;
    vec2 w0 = (1.0 - f) * (1.0 - f) * (1.0 - f) / 6.0, w1 = (4.0 - 6.0 * f2 + 3.0 * f3) / 6.0, w3 = f3 / 6.0, w2 = 1.0 - w0 - w1 - w3;
    vec2 left = w0 + w1, right = w2 + w3;
    vec2 a = (low - 1.0 + w1 / left) / size, b = (low + 1.0 + w3 / right) / size;
    vec3 down = backdrop_near(a) * left.x + backdrop_near(vec2(b.x, a.y)) * right.x;
    vec3 up = backdrop_near(vec2(a.x, b.y)) * left.x + backdrop_near(b) * right.x;
    return down * left.y + up * right.y;
}
