// triplanar: the generated picture on any surface, without uv and without a seam. Needs texture/worn.
// Range: linear RGB, [0, 1]; n is a unit vector.
// Idea: project along the three axes and blend by the normal's direction; the power keeps the blend zones narrow.
vec3 triplanar(sampler2D before, sampler2D newest, float share, vec3 p, vec3 n) {
    vec3 w = pow(abs(n), vec3(4.0));
    w /= w.x + w.y + w.z;
    return w.x * worn(before, newest, share, p.yz) + w.y * worn(before, newest, share, p.zx)
        + w.z * worn(before, newest, share, p.xy);
}
