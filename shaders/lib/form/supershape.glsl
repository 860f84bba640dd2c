// supershape: a surface round the origin, the product of two supershape outlines. Needs form/superformula.
// longitude and latitude in radians. Range: within about the unit ball, the largest radius is near 1.
// Idea: whole numbers of corners close; between two of them both surfaces are blended, so it morphs and never tears.
struct Supershape { float corners, rings, n1, n2, n3; };
vec3 supershape(float longitude, float latitude, Supershape form) {
    float low = floor(form.corners), share = smoothstep(0.30, 0.70, form.corners - low);
    float around = mix(superformula(longitude, low, form.n1, form.n2, form.n2),
                       superformula(longitude, low + 1.0, form.n1, form.n2, form.n2), share);
    // The other way round it is nearer to a ball, but for thorns.
    float n2 = mix(2.0, form.n2, mix(0.30, 0.50, u_spikiness)), n3 = mix(2.0, form.n3, mix(0.30, 0.50, u_spikiness));
    float up = superformula(latitude, form.rings, form.n1, n2, n3);
    // The radius half way between two corners is the other extreme.
    around /= max(1.0, pow(2.0, (0.5 * form.n2 - 1.0) / form.n1));
    up /= max(1.0, pow(pow(0.5, 0.5 * n2) + pow(0.5, 0.5 * n3), -1.0 / form.n1));
    return up * vec3(around * cos(latitude) * cos(longitude), sin(latitude), around * cos(latitude) * sin(longitude));
}
vec3 supershape(vec3 d, Supershape form) { return supershape(atan(d.z, d.x), asin(clamp(d.y, -1.0, 1.0)), form); }
// supershape_of_look: the form that the look, valence and arousal ask for. vary moves it off a little, for its companions.
Supershape supershape_of_look(float vary, vec2 feels) {
    float calm = 0.5 + 0.5 * sin(u_phase * 0.17 + vary * 5.0);
    float corners = 2.6 + 3.6 * u_symmetry + 2.0 * u_spikiness + 1.3 * feels.y + vary;
    float rings = 2.4 + 2.2 * u_symmetry + 1.2 * u_spikiness + 0.8 * sin(u_phase * 0.11 + vary);
    float round_n = mix(4.4, 1.05, smoothstep(0.0, 1.0, u_spikiness)) + 0.35 * (calm - 0.5);
    float depth = mix(2.3, 0.62, u_spikiness) / (0.55 + 0.75 * u_spread);
    return Supershape(max(corners, 2.0), rings, depth, round_n, round_n * (1.0 + 0.35 * feels.x));
}
