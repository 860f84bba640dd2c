// shard_frame: the axes of a crystal that points along way, a unit vector: side, way, other, so that point * frame is in its own room and
// frame * point in the common one. random [0, 1) turns it round its axis. Range: unit vectors. Idea: cross products, begun from the
// axis that lies farthest from it.
mat3 shard_frame(vec3 way, float random) {
    vec3 side = normalize(cross(way, abs(way.z) < 0.9 ? vec3(0.0, 0.0, 1.0) : vec3(1.0, 0.0, 0.0))), other = cross(side, way);
    float turn = 6.2831853 * fract(random * 3.7), c = cos(turn), s = sin(turn);
    return mat3(c * side + s * other, way, c * other - s * side);
}
