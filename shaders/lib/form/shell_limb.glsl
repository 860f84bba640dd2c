// shell_limb: spines, tentacles and strands of the large body of supershape, one way to grow for each mood, mixed by its share. Needs noise/lots, form/shell.
// n of count: which; the limb runs from root along `to`, a vector as long as it is, and bends by `bend` (both in the body's units, as they stand in the
// room); wide: half its width at the root, units; point [0, 1]: from a rod to a cone; bead: half the width of what it ends in; wavy: how far it sways.
// Range: units of the body. Idea: all that differs is a few numbers, so that one changes into another without a jump.
struct Limb { vec3 root, to, bend; float wide, point, bead, wavy, random; };
Limb shell_limb(int n, int count, Shell s) {
    Mood m = s.mood;
    vec4 lot = lots(n + int(u_self[u_shape].x * 65536.0));
    float k = (float(n) + 0.5) / float(count), a = 2.39996323 * float(n), phi = asin(clamp(1.0 - 2.0 * k, -1.0, 1.0)), tall = exp(1.2 * (lot.x + lot.y - 1.0));
    float ring = mod(float(n), 3.0), third = floor(float(n) / 3.0), round_it = 6.2831853 * (third + 0.33 * ring + 0.25 * (lot.y - 0.5)) / (float(count) / 3.0), arm = step(0.80, lot.z), main_ = step(mod(float(n), 3.0), 0.5);
    float even_t = phi / 3.14159265 + 0.5;
    float ringed = clamp(m.surprise / s.sum, 0.0, 1.0);
    a = mix(a, round_it, step(0.5, ringed));
    float at_t = (m.neutral * even_t + m.angry * even_t + m.happy * (0.625 + 0.14 * lot.y) + m.sad * mix(0.40, 0.12 + 0.1 * lot.x, arm) + m.disgust * (0.46 + 0.36 * lot.y) + m.surprise * (0.60 + 0.085 * ring) + m.fear * 0.10 + m.sleep * even_t) / s.sum;
    float lat = 3.14159265 * (at_t - 0.5);
    vec3 d = vec3(cos(lat) * cos(a), sin(lat), cos(lat) * sin(a)), out_by = vec3(cos(a), 0.0, sin(a)), axis = vec3(0.0, 1.0, 0.0);
    vec3 root = shell_rotate(shell_at(at_t, a, s), s), r = shell_rotate(d, s), o = shell_rotate(out_by, s), up = shell_rotate(axis, s), down = vec3(0.0, -1.0, 0.0);
    vec3 thrust = normalize(vec3(0.8 * s.side, 0.75, 0.35));
    float to_it = 0.5 + 0.5 * dot(r, thrust), rises = 0.15 + 0.48 * ring;
    // In fear few are left, which clasp the body from its foot up, as fingers do.
    float clasps = step(lot.z, 0.28) * smoothstep(0.30, 0.60, abs(mod(a + s.turn - 1.80 + 3.14159265, 6.2831853) - 3.14159265));
    Limb l;
    l.root = root;
    l.random = lot.w;
    l.to = (m.neutral * r * mix(0.08 + 0.05 * lot.x, 0.55 + 0.25 * lot.y, main_)
        + m.angry * normalize(r + 0.55 * thrust * to_it) * (0.30 + 0.55 * lot.x * lot.x + 0.85 * to_it * to_it * lot.y) * smoothstep(-0.75, -0.2, r.y)
        + m.happy * (up * (0.50 + 0.85 * lot.x) + o * (0.30 * lot.z - 0.12))
        + m.sad * down * mix(0.30 + 0.75 * tall, 0.95, arm)
        + m.disgust * (o * 0.15 + down * 0.10 * tall) * step(lot.z, 0.55)
        + m.fear * clasps * (o * 2.45 + up * (2.15 + 0.40 * lot.x))
        + m.surprise * (o * cos(rises) + up * sin(rises)) * (1.15 - 0.24 * ring) * (0.85 + 0.3 * lot.x)) / s.sum;
    l.to *= 1.0 + 0.40 * s.of.frown * (1.0 - 0.8 * clamp(m.fear, 0.0, 1.0));
    l.bend = (m.fear * clasps * (o * -(2.30 + 0.15 * lot.y) + vec3(0.05 * sin(u_phase * 7.0 + 9.0 * lot.w), 0.0, 0.0)) + m.happy * (o * (0.45 + 0.45 * lot.y) + down * 0.20) + m.sad * vec3(0.25 * s.side * (lot.y - 0.2), 0.0, 0.0) + m.angry * thrust * 0.12 * to_it
        + m.disgust * down * (0.14 + 0.95 * lot.x * lot.x) * step(lot.z, 0.55) + m.surprise * (up * 0.10 - o * 0.02)) / s.sum;
    l.wide = (m.neutral * mix(0.014, 0.026, main_) + m.fear * 0.075 + m.angry * (0.085 + 0.055 * lot.y) + m.happy * 0.034 + m.sad * mix(0.022 + 0.02 * lot.x, 0.075, arm) + m.disgust * (0.034 + 0.09 * lot.y * lot.y) + m.surprise * (0.060 - 0.008 * ring)) / s.sum;
    l.point = (m.neutral * 0.85 + m.angry + 0.45 * m.happy + m.sad * 0.75 + m.disgust * 0.70 + m.surprise * 0.85 + 0.7 * m.fear + m.sleep) / s.sum;
    l.bead = (m.happy * 0.030 + m.disgust * (0.030 + 0.05 * lot.x * lot.y) + m.surprise * 0.030) / s.sum;
    l.wavy = (m.happy * 0.06 + m.sad * mix(0.07, 0.11, arm)) / s.sum;
    return l;
}
