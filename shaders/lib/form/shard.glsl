// shard: a point of one crystal of a druse, from a prism of radius 1 and heights -1 to 1 that points both ways.
// at: the prism's point; way: where the crystal points, a unit vector; reach, thick: half length and radius; point [0, 1]:
// how much of it is tip; random [0, 1) cuts the tip askew and turns it round its axis. Idea: few faces, none alike.
vec3 shard(vec3 at, vec3 way, float reach, float thick, float point, float random) {
    float tip = abs(at.y) > 0.9 ? 1.0 : 0.0;
    float height = tip > 0.5 ? at.y : at.y / 0.6 * mix(0.86, 0.10, point);
    // Natural prisms have wide and narrow faces.
    float a = atan(at.z, at.x) + 0.30 * sin(2.0 * atan(at.z, at.x) + 6.2831853 * random);
    vec2 across = tip > 0.5 ? 0.45 * (vec2(random, fract(random * 7.3)) - 0.5) * (1.0 - point)
                            : vec2(cos(a), sin(a)) * (at.y < 0.0 ? 0.62 : 1.0);
    vec3 side = normalize(cross(way, abs(way.y) < 0.9 ? vec3(0.0, 1.0, 0.0) : vec3(1.0, 0.0, 0.0)));
    vec3 other = cross(side, way);
    float turn = 6.2831853 * fract(random * 3.7), c = cos(turn), s = sin(turn);
    across = mat2(c, s, -s, c) * across * thick;
    return way * (height * reach) + side * across.x + other * across.y;
}
