// shard: one crystal of a druse, from a prism of radius 1 and heights -1 to 1 that points both ways. at: the prism's point; way: where
// it points, a unit vector; reach, thick: length and radius; point [0, 1]: how much of it is tip; flat_by (0, 1]: 1 round, less a blade;
// random [0, 1) turns it round its axis and cuts the tip askew. Gives the point from the root, and in frame the crystal's own axes:
// side, way, other, so that point * frame is in its own room. Range: scene units. Idea: few faces, none alike.
vec3 shard(vec3 at, vec3 way, float reach, float thick, float point, float flat_by, float random, out mat3 frame) {
    float tip = abs(at.y) > 0.9 ? 1.0 : 0.0;
    float height = at.y < 0.0 ? (tip > 0.5 ? -0.10 : 0.0) : (tip > 0.5 ? 1.0 : mix(0.88, 0.16, point));
    vec2 across = tip > 0.5 ? 0.5 * (vec2(random, fract(random * 7.3)) - 0.5) * (1.0 - point) : at.xz * (at.y < 0.0 ? 0.74 - 0.25 * point : 1.0);
    across.y *= flat_by;
    vec3 side = normalize(cross(way, abs(way.z) < 0.9 ? vec3(0.0, 0.0, 1.0) : vec3(1.0, 0.0, 0.0)));
    vec3 other = cross(side, way);
    float turn = 6.2831853 * fract(random * 3.7), c = cos(turn), s = sin(turn);
    frame = mat3(c * side + s * other, way, c * other - s * side);
    return frame * vec3(across.x * thick, height * reach, across.y * thick);
}
