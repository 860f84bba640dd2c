// ripple3: cheap, endless undulation for displacement inside a ray march.
// Range: [-1, 1], continuous. Idea: products of sines of warped coordinates instead of a lattice; costs six sines.
float ripple3(vec3 p) {
    vec3 q = p + 0.6 * sin(p.yzx * 1.3);
    return sin(q.x * 1.1) * sin(q.y * 0.9 + 1.0) * sin(q.z * 1.2 + 2.0);
}
