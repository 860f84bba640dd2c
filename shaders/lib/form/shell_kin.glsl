// shell_kin: another of the large body's kind, smaller and farther away, in the same mood. Needs lib/frame, place/floor, form/shell, view/to_clip.
// n: which, 0 the nearer; s: the large body. Range: as Shell; sum 0 where there is none. Idea: a creature is not alone in its sea, and what is
// small beside it says how large it is; they stand on the side that has room, one for each further visitor.
Shell shell_kin(int n, Shell s) {
    Mood m = s.mood;
    float far = float(n), self = u_self[u_shape].x, aside = s.root.x / 1.22, to = aside > 0.15 ? -1.0 : aside < -0.15 ? 1.0 : -s.side, wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    float floats = (m.sad + 0.45 * m.surprise + 0.30 * m.neutral) / s.sum, z = -2.0 - 1.3 * far, k = EYE / (EYE - z);
    vec2 seen = vec2(aside + to * (mix(0.92, 0.50, far) + 0.10 * fract(self * 5.3 + 0.4 * far)) * min(wide, 1.5), place_horizon_y() - mix(0.13, 0.055, far) + floats * mix(0.16, 0.34, far));
    seen.x = clamp(seen.x, -0.92 * wide, 0.92 * wide);
    s.root = vec3(seen / k, z);
    s.size = min(s.size, 0.62) * mix(0.66, 0.50, far) * (0.8 + 0.4 * fract(self * 3.7 + 0.6 * far));
    s.turn += 2.2 + 1.9 * far;
    s.roll = s.roll * mix(0.4, -0.6, far) + 0.10 * to * (1.0 - m.disgust);
    s.tilt *= mix(0.7, 0.4, far);
    // Who is afraid is alone.
    s.size *= clamp(1.0 - 1.2 * m.fear / s.sum, 0.0, 1.0);
    if (u_shape > 0 || s.size < 0.02) s.sum = 0.0;
    return s;
}
