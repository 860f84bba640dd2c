// tonemap: linear light of any brightness to the screen's encoded colours.
// Range: [0, inf) to [0, 1]. Source: AgX (Sobotka 2022): colours are drawn together before the curve and apart after it, so
// that bright saturated light pales as on film instead of clipping to one channel; the curve is a polynomial fit to AgX's
// base contrast over 16.5 stops (Wrensch 2023). Then, our own taste for a dark room: a little deeper, a little richer.
const mat3 AGX_IN = mat3(0.842479, 0.042328, 0.042376, 0.078434, 0.878469, 0.078434, 0.079224, 0.079166, 0.879143);
const mat3 AGX_OUT = mat3(1.196879, -0.052897, -0.052972, -0.098021, 1.151903, -0.098043, -0.099030, -0.098961, 1.151074);
vec3 tonemap(vec3 c) {
    vec3 x = clamp((log2(max(AGX_IN * c, vec3(1e-10))) + 12.47393) / 16.5, 0.0, 1.0);
    vec3 x2 = x * x, x4 = x2 * x2;
    x = 15.5 * x4 * x2 - 40.14 * x4 * x + 31.96 * x4 - 6.868 * x2 * x + 0.4298 * x2 + 0.1191 * x - 0.00232;
    x = pow(max(x, 0.0), vec3(1.36));
    x = mix(vec3(dot(x, vec3(0.2126, 0.7152, 0.0722))), x, 1.5);
    // The curve's result is encoded with a power of 2.2 already, which screens for sRGB show all but right.
    return clamp(AGX_OUT * x, 0.0, 1.0);
}
