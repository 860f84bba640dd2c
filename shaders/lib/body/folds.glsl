// folds, fold_ridge: the height of a cloth's folds. Needs lib/frame, noise/swell3. at: across the folds and along them, in shares of a body's size;
// style: x how many swags lie over the pleats [0, 1], y how crumpled it is [0, 1], z how sharp the ridges are [0, 1], w the pleats' number, about 1.
// Range: about -0.5 to 1. Idea: narrow ridges between wide valleys that wander, fork and die out in still places; swags are such waves
// along the cloth, bent into a catenary.
float fold_ridge(float x, float sharp) {
    float f = abs(fract(x) * 2.0 - 1.0);
    float soft = f * f * (3.0 - 2.0 * f);
    return mix(soft * soft, f * f * f, sharp);
}
float folds(vec2 at, vec4 style) {
    float slow = sin(at.y * 1.7 + 3.1 * at.x + 0.6), quick = sin(at.y * 4.6 - 4.3 * at.x + 1.0);
    float x = (at.x + 0.085 * slow + 0.030 * quick) * style.w;
    float pleats = 0.66 * fold_ridge(x * 3.9 + 0.2, style.z) + 0.34 * fold_ridge(x * 8.3 + 0.35 + 0.6 * slow, style.z);
    pleats *= 0.58 + 0.42 * sin(x * 4.7 + 1.3 + 1.1 * at.y + 0.8 * quick);
    float sag = at.y * 3.4 + 7.0 * at.x * at.x + 0.22 * quick;
    float swags = 0.7 * fold_ridge(sag + 0.2 * slow, style.z) + 0.3 * fold_ridge(sag * 2.3 + 0.4, style.z);
    float h = mix(pleats, swags, style.x);
    if (style.y > 0.02) {
        vec3 q = vec3(at * vec2(10.0, 6.5), 1.7);
        h = mix(h, 0.5 + 0.8 * swell3(q + 1.1 * swell3(q * 0.53)), 0.75 * style.y);
    }
    return h;
}
