// weed: what grows, stands or hangs on a reef, in the plane of the picture: reeds, ribbons, drooping stalks, crags, claws, slime, whips, as the place has it.
// Needs lib/frame, noise/hash, noise/lots, place/mood, place/floor. n: which; many: of how many; close: 0 behind the forms, 1 between them and the eye.
// Range: scene units, y up: a strip from root along `to`, bent by `bend`; half_: half its width; point [0, 1]: from a ribbon to a point; lobed [0, 1]: how much
// its width goes up and down; far [0, 1]: 0 near. Idea: one strip, and only numbers differ, so that one place goes over into another.
struct Weed { vec2 root, to, bend; float half_, point, lobed, far, lot; };
Weed weed(int n, int many, float close, PlaceMood m) {
    float self = u_self[0].x, k = (float(n) + 0.5) / float(many), wide = u_resolution.x / min(u_resolution.x, u_resolution.y), head = u_resolution.y / min(u_resolution.x, u_resolution.y);
    vec4 lot = lots(n * 5 + int(self * 4093.0) + int(700.0 * close)), more = lots(n * 5 + 2 + int(self * 4093.0) + int(700.0 * close));
    Weed w;
    w.far = (1.0 - close) * (1.0 - k);
    w.lot = more.w;
    // In clumps at the sides, fewer near the middle.
    float u = 2.0 * fract(float(n) * 0.6180340 + self) - 1.0, side = u < 0.0 ? -1.0 : 1.0, x = wide * (side * mix(0.30, 0.86, sqrt(abs(u))) + 0.10 * (lot.x - 0.5));
    if (close > 0.5) {
        side = fract(float(n) * 0.5 + 0.25 + 0.13 * self) < 0.5 ? -1.0 : 1.0;
        x = wide * side * (0.86 + 0.16 * lot.x);
    }
    float natural = exp(1.2 * (lot.y + lot.z - 1.0)), foot = place_horizon_y() - mix(0.16, 0.02, w.far) - 0.55 * close, sway = sin(0.5 * u_phase + 6.2831853 * lot.w + 2.0 * x);
    float hang = m.murk * step(0.35, lot.w), tall = mix(0.62, 0.38, w.far) * natural * (0.55 + 0.6 * abs(u)) * (1.0 + 0.9 * close), to = self < 0.5 ? -1.0 : 1.0;
    float rises = m.calm * 0.80 + m.open * 1.15 + m.weep * (0.95 - 0.35 * close) + m.hard * 1.05 + m.hide * 1.30 + m.burst * 0.95 + m.murk * 0.9 + 0.02;
    float leans = m.calm * 0.12 * (lot.x - 0.5) + m.open * 0.34 * (lot.x - 0.5) - m.weep * 0.10 * side + m.hard * (0.30 * to + 0.25 * (lot.x - 0.5)) - m.hide * 0.35 * side + m.burst * 0.55 * x / wide + m.murk * 0.25 * (lot.x - 0.5);
    w.root = vec2(x, mix(foot, head + 0.04, hang));
    w.to = vec2(leans, mix(1.0, -1.0, hang)) * tall * rises;
    w.bend = vec2(m.calm * 0.35 * close * (more.y - 0.5) + (m.calm * 0.05 + 0.16 * m.open + 0.05 * m.burst) * sway + m.open * 0.16 * (more.x - 0.5) - 0.55 * m.weep * side * (0.4 + lot.x) * (1.0 - 0.35 * close) - 0.30 * m.hide * side + 0.35 * m.burst * x / wide, -0.55 * m.weep * (0.6 + 0.8 * lot.x) * (1.0 - hang)) * tall;
    w.half_ = tall * (m.calm * mix(0.016, 0.085, close) + m.open * (0.070 + 0.050 * lot.x) + m.weep * 0.018 + m.hard * (0.17 + 0.12 * lot.x) * (1.0 - 0.65 * close) + m.hide * (0.10 + 0.06 * lot.x) + m.burst * 0.018 + m.murk * (0.020 + 0.04 * lot.x)) + 0.004;
    w.point = clamp(0.8 * m.calm + 0.75 * m.open + 0.6 * m.weep + m.hard + m.hide + 0.8 * m.burst + 0.6 * m.murk, 0.0, 1.0);
    w.lobed = 0.25 * m.murk + 0.12 * m.hard + 0.25 * m.weep;
    return w;
}
