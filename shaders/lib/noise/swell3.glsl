// swell3, parabolic: slow undulation for flesh and folds, cheap enough for every step of a march.
// Range: [-1, 1], continuous with continuous slope, period 4 in each warped axis. Idea: sine waves made of parabolas
// (fold the coordinate, x (1 - |x|) on each half wave), each axis bent by its neighbour so that no lattice shows.
vec3 parabolic(vec3 x) {
    vec3 f = fract(x * 0.25) * 4.0 - 2.0;
    return f * (2.0 - abs(f));
}
float swell3(vec3 p) {
    vec3 w = parabolic(p + 0.7 * parabolic(p.yzx * 0.61 + vec3(0.3, 1.7, 2.9)));
    return w.x * w.y * 0.5 + w.y * w.z * 0.3 + w.z * w.x * 0.2;
}
