// along_segment: how far along the way from a to b the place of it lies that is nearest to p. Any units.
// Range: [0, 1]; 0 where a and b are the same. Idea: the foot of the perpendicular, held between the ends: what is round a segment, a limb
// or a finger, is told by its distance from mix(a, b, along) and a width that may change with it.
float along_segment(vec2 p, vec2 a, vec2 b) {
    vec2 way = b - a;
    return clamp(dot(p - a, way) / max(dot(way, way), 1e-6), 0.0, 1.0);
}
