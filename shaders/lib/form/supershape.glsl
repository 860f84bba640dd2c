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
// supershape_pose: turns, winds, beats, boils, trembles and hangs a point of the body. self: the visitor's seed.
vec3 supershape_pose(vec3 p, float self) {
    float beat = u_pulse * 0.15 * (throb(u_phase * 1.6 + self * 6.0 - 1.2 * length(p), u_rhythm) - 0.4);
    p *= (1.0 + beat + 0.16 * u_welcome) * mix(0.78, 0.84, u_spread);
    // Closed it is slender, a bud.
    p *= mix(vec3(0.74, 1.26, 0.74), vec3(1.0), smoothstep(0.0, 0.9, u_spread));
    float wind = u_twist * 1.7 * p.y, a = cos(wind), b = sin(wind);
    p.xz = mat2(a, b, -b, a) * p.xz;
    float turn = u_phase * 0.16 + self * 6.2831853, c = cos(turn), d = sin(turn);
    p.xz = mat2(c, d, -d, c) * p.xz;
    float lean = mix(0.62, 1.00, u_spread) + 0.16 * sin(u_phase * 0.21 + self * 4.0), e = cos(lean), f = sin(lean);
    p.yz = mat2(e, f, -f, e) * p.yz;
    p += (0.006 + 0.085 * u_turbulence) * sin(p.yzx * 5.0 + vec3(0.0, 2.1, 4.2) + u_phase * 0.7);
    p += u_tremble * 0.018 * sin(p.zxy * 9.0 + vec3(0.0, 1.0, 2.0) + u_phase * 15.0);
    // Weight: the body sags and swells below, or lifts its arms.
    p.xz *= 1.0 - 0.30 * u_droop * p.y;
    p.y -= 0.26 * u_droop * dot(p.xz, p.xz);
    p.y -= 0.16 * u_spread * (1.0 - max(u_droop, 0.0));
    return p;
}
