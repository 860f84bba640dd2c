// curl_flow: velocity of a fluid that is stirred everywhere and nowhere thinned out: dust in it never clots or empties.
// p in space, t the flow's own clock, fine [0, 1] how much of the second, smaller stirring is added.
// Range: each part within [-3.1, 3.1], about 1 on average; divergence 0. Idea: curl noise (Bridson 2007) without noise: a sum
// of flows that are their own curl (Arnold, Beltrami and Childress), each turned and shifted against the one before.
vec3 abc_flow(vec3 p) { return 0.72 * (sin(p.zxy) + cos(p.yzx)); }
vec3 curl_flow(vec3 p, float t, float fine) {
    const mat3 turned = mat3(0.36, 0.48, -0.80, -0.80, 0.60, 0.0, 0.48, 0.64, 0.60);
    vec3 flow = abc_flow(p + vec3(0.31, 0.17, 0.23) * t);
    if (fine > 0.0) flow += fine * 0.9 * transpose(turned) * abc_flow(turned * p * 2.3 - vec3(0.7, 0.5, 0.9) * t + 1.7);
    return flow;
}
