// octahedral_uv, octahedral_direction: the sphere of directions on a square and back.
// Range: unit vectors to [0, 1] squared. Idea: project on the octahedron, fold its lower half outwards (Cigolle et al. 2014).
vec2 octahedral_uv(vec3 d) {
    d /= abs(d.x) + abs(d.y) + abs(d.z);
    vec2 folded = (1.0 - abs(d.zx)) * vec2(d.x >= 0.0 ? 1.0 : -1.0, d.z >= 0.0 ? 1.0 : -1.0);
    return (d.y >= 0.0 ? d.xz : folded) * 0.5 + 0.5;
}
vec3 octahedral_direction(vec2 uv) {
    vec2 p = uv * 2.0 - 1.0;
    float y = 1.0 - abs(p.x) - abs(p.y);
    float over = max(-y, 0.0);
    p += vec2(p.x >= 0.0 ? -over : over, p.y >= 0.0 ? -over : over);
    return normalize(vec3(p.x, y, p.y));
}
