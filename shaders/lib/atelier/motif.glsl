// Motif, motif, motif_head, motif_light, trunk_near, twice_way, half_way: what the atelier paints at a place. Each mood has a motif of its own, composed in light and dark before any colour: a low sun over wheat,
// rain over a dark sea, a fire in the wind, a wood with one light in it, a swamp, a burst, a plain in mist; with nobody there a plain at night. tone: from 0 dark to 1.2 the highest light; cool: share
// of the counter colour; way: the way the brush goes there, with its angle doubled. Needs lib/frame, form/moods, land/lay; MOOD is known. p: scene units; sun: of motif_light, x, y and
// reach, all scene units; lot: of the stroke. Idea: strokes go along what they paint, so a few hundred of them make it: rings of a sky, stalks that fan out from under the sun, trunks, tongues of
// fire. Strokes have no front, so ways are added with doubled angles. Range: tone [0, 1.5], cool [0, 1].
struct Motif { float tone; float cool; vec2 way; };
vec2 twice_way(vec2 way) { return vec2(way.x * way.x - way.y * way.y, 2.0 * way.x * way.y) / max(dot(way, way), 1e-5); }
vec2 half_way(vec2 twice) {
    vec2 way = vec2(length(twice) + twice.x, twice.y);
    return dot(way, way) < 1e-6 ? vec2(0.0, 1.0) : normalize(way);
}
float motif_near() { return u_people > 0 ? u_seen[0].w * (1.0 - smoothstep(1.0, 2.2, u_seen[0].x)) : 0.0; }
vec2 motif_head() {
    if (u_people == 0) return vec2(0.0, 0.2);
    // Who is near is set as a bust, and never at the border.
    vec2 head = mix(vec2(u_place[0].x, 0.2), u_head[0].xy, u_seen[0].w);
    return mix(head, vec2(clamp(head.x, -0.5 * half_picture().x, 0.5 * half_picture().x), 0.3), motif_near());
}
vec3 motif_light() {
    vec2 head = motif_head();
    float aside = head.x > 0.1 ? -1.0 : 1.0, beside = 0.55 + 0.25 * motif_near();
    return MOOD[NEUTRAL] * vec3(0.75 * aside, 0.22, 0.9) + MOOD[SAD] * vec3(0.85 * aside, 0.06, 0.50) + MOOD[ANGRY] * vec3(-0.70 * aside, -0.55, 0.6)
        + MOOD[FEAR] * vec3(head.x + beside * aside, -0.05, 0.55) + MOOD[DISGUST] * vec3(-0.80 * aside, 0.20, 0.6) + MOOD[ASLEEP] * vec3(0.45, 0.15, 0.8)
        + MOOD[HAPPY] * vec3(head.x + beside * aside, 0.16, 1.0) + MOOD[SURPRISE] * vec3(head.x, clamp(head.y, 0.05, 0.35), 0.55);
}
float swings(float x, float seed) { return 0.55 * sin(1.3 * x + seed) + 0.3 * sin(2.9 * x + 2.0 * seed) + 0.15 * sin(7.1 * x + seed); }
Motif wheat(vec2 p, vec3 sun, float lot) {
    vec2 from = p - sun.xy;
    float r = length(from), low = -0.10 - p.y + 0.03 * swings(p.x, 1.0);
    if (low < 0.0) {
        float disc = smoothstep(0.20, 0.15, r), rings = sin(15.0 * r + 0.6 * swings(3.0 * p.x, p.y)), high = smoothstep(0.30, 1.15, r);
        if (low > -0.10 - 0.05 * swings(1.6 * p.x, 3.0)) return Motif(0.27 + 0.35 * exp(-3.5 * abs(from.x)), 0.45 - 0.4 * exp(-2.5 * abs(from.x)), twice_way(vec2(1.0, 0.15 * swings(2.0 * p.x, 1.0))));
        return Motif(0.40 + 0.68 * exp(-2.0 * r) + 0.09 * rings * smoothstep(0.15, 0.4, r) + 0.5 * disc, 0.85 * high * (0.75 + 0.25 * rings), mix(twice_way(vec2(-from.y, from.x)), twice_way(vec2(1.0, 0.25 * swings(2.0 * p.x, p.y))), smoothstep(0.45, 0.9, r)));
    }
    float deep = low + 0.07, across = from.x / deep, rows = sin(6.0 * across) * smoothstep(0.0, 0.25, low), path = exp(-pow(across / (0.9 + 0.2 * swings(9.0 * low, 2.0)), 2.0));
    float tone = 0.50 + 0.13 * rows + 0.42 * path * exp(-1.1 * low) - 0.26 * smoothstep(0.25, 0.95, low) + 0.22 * exp(-9.0 * low) * exp(-1.2 * abs(from.x)) + 0.14 * (lot - 0.5);
    return Motif(tone, 0.10 * smoothstep(0.3, -0.8, rows), twice_way(mix(vec2(1.0, 0.0), vec2(from.x + 0.25 * (lot - 0.5), -low - 0.25), smoothstep(0.02, 0.20, low))));
}
Motif rain(vec2 p, vec3 sun, float lot) {
    float up = p.y + 0.20, x = p.x - sun.x;
    if (up < 0.0) {
        float path = exp(-pow(x / (0.10 - 0.35 * up), 2.0)), waves = sin(64.0 * sqrt(-up + 0.03) + 2.0 * swings(2.0 * p.x, 2.0));
        return Motif(0.15 + 0.08 * waves + (0.62 + 0.30 * waves) * path * exp(1.4 * up) + 0.12 * exp(12.0 * up), 0.04, twice_way(vec2(1.0, 0.10 * (lot - 0.5))));
    }
    // Rain hangs from the clouds in veils.
    float veil = swings(3.4 * p.x + 0.8 * p.y, 1.0), gap = exp(-pow(x / (0.52 + 0.25 * veil), 2.0)), cloud = smoothstep(0.42, 0.80, up + 0.12 * swings(2.2 * p.x, 4.0));
    return Motif(mix(0.28 + 0.12 * veil + (0.34 + 0.95 * exp(-4.5 * up)) * gap, 0.14 + 0.08 * veil + 0.22 * gap, cloud), 0.03, twice_way(mix(vec2(0.10 + 0.06 * (lot - 0.5), 1.0), vec2(1.0, 0.25), 0.75 * cloud * step(0.6, lot))));
}
Motif fire(vec2 p, vec3 sun, float lot) {
    float wind = -sign(sun.x), q = p.x - 0.62 * wind * (p.y + 1.0), near = exp(-0.55 * pow(p.x - sun.x, 2.0));
    // Tongues: each leans with the wind, and is hottest at its foot.
    float tongue = abs(fract(0.95 * q + 0.12 * sin(3.0 * p.y)) - 0.5) * 2.0, fine = abs(fract(2.7 * q + 0.21 * sin(5.0 * p.y)) - 0.5) * 2.0;
    float high = 0.30 + 1.15 * near * (0.40 + 0.60 * tongue) + 0.35 * fine * near, k = (p.y + 1.02) / high;
    float flame = 1.22 - 0.82 * k - 0.42 * smoothstep(0.40, 0.0, mix(tongue, fine, 0.45)) * smoothstep(0.1, 0.5, k);
    float smoke = 0.10 + 0.07 * swings(2.0 * p.x - 1.2 * wind * p.y, 3.0) + 0.26 * exp(-3.0 * (k - 1.0));
    return Motif(mix(flame, smoke, smoothstep(0.92, 1.05, k)), 0.12 * step(1.1, k) * step(0.8, lot), twice_way(vec2(0.62 * wind + 0.5 * (lot - 0.5), 1.0)));
}
const float WOOD = 0.62;  // from one near trunk to the next
// A trunk of one row of them: x how far it covers, y the side of it, -1 to 1. every: from one to the next; wide: half of one, both scene units.
vec2 trunk(float x, float every, float wide, float seed, float open, vec3 sun) {
    float n = floor(x / every), jitter = fract(sin(n * 12.9 + seed) * 43.7), side = (x - (n + 0.25 + 0.5 * jitter) * every) / (wide * (0.6 + 0.8 * fract(7.3 * jitter)));
    return vec2(smoothstep(1.15, 0.85, abs(side)) * smoothstep(open, open + 0.12, abs((n + 0.25 + 0.5 * jitter) * every - sun.x)), clamp(side, -1.0, 1.0));
}
// The middle of the near trunk that a place is nearest to.
float trunk_near(vec2 p, vec3 sun) {
    float lean = 0.05 * sin(2.3 * p.y + 4.0 * floor(p.x * 1.4)) - sign(sun.x - p.x) * 0.10 * p.y * p.y, n = floor((p.x + lean) / WOOD);
    return (n + 0.25 + 0.5 * fract(sin(n * 12.9 + 5.0) * 43.7)) * WOOD - lean;
}
Motif wood(vec2 p, vec3 sun, float lot) {
    vec2 from = (p - sun.xy) * vec2(1.0, 0.85);
    float r2 = dot(from, from), low = -0.42 - p.y, bend = 0.05 * sin(2.3 * p.y + 4.0 * floor(p.x * 1.4)), toward = sign(sun.x - p.x) * 0.10 * p.y * p.y;
    Motif m = Motif(0.24 + 0.70 * exp(-r2 / 0.06) + 0.62 * exp(-r2 / 0.50) + 0.05 * swings(4.0 * p.x, p.y), 0.10, twice_way(vec2(-from.y, from.x)));
    vec2 far = trunk(p.x + 0.5 * bend, 0.27, 0.032, 2.0, 0.10, sun), near = trunk(p.x + bend - toward, WOOD, 0.110, 5.0, 0.30, sun);
    m.tone *= 1.0 - 0.52 * far.x * smoothstep(-0.46, -0.36, p.y);
    if (low > 0.0) {
        float path = exp(-pow((from.x) / (0.07 + 0.7 * low), 2.0));
        m = Motif(0.10 + 0.46 * path * exp(-1.6 * low) + 0.14 * exp(-9.0 * low), 0.06, twice_way(vec2(1.0, 0.15 * (lot - 0.5))));
    }
    float stands = near.x * smoothstep(-0.80, -0.62, p.y);
    m.tone = mix(m.tone, 0.03 + 0.17 * smoothstep(0.2, 1.0, near.y * sign(sun.x - p.x)) * exp(-r2), stands);
    m.way = mix(m.way, twice_way(vec2(0.12 * (lot - 0.5), 1.0)), max(stands, 0.9 * far.x * step(low, 0.0)));
    return m;
}
Motif swamp_of(vec2 p, vec3 sun, float lot) {
    vec2 from = p - sun.xy;
    float curl = 2.4 * sin(2.6 * p.x + 1.1) + 2.4 * sin(3.1 * p.y + 1.6 * p.x) + 0.10 * u_phase, glow = exp(-dot(from, from) / 0.34);
    float drip = 0.62 - 0.42 * pow(abs(sin(3.7 * p.x + 0.8 * sin(1.9 * p.x))), 4.0) - 0.46 * pow(abs(sin(6.1 * p.x + 1.0)), 12.0) - 0.12 * swings(1.7 * p.x, 2.0), hangs = p.y - drip;
    if (hangs > 0.0) return Motif(0.07 + 0.05 * swings(5.0 * p.x, 1.0) + 0.46 * smoothstep(0.09, 0.0, hangs), 0.45 * smoothstep(0.02, 0.12, hangs), twice_way(vec2(0.10 * (lot - 0.5), 1.0)));
    float low = -0.18 - p.y + 0.02 * swings(3.0 * p.x, 1.0);
    if (low < 0.0) return Motif(0.36 + 0.46 * glow + 0.10 * sin(curl), 0.30 * (1.0 - glow) * step(0.6, lot), mix(twice_way(vec2(1.0, 0.2 * (lot - 0.5))), vec2(cos(curl), sin(curl)), 0.35));
    // Scum floats in rounds on black water.
    float scum = smoothstep(0.25, 0.55, sin(5.3 * p.x / (0.6 + low) + 2.0 * sin(2.0 * p.x)) * sin(11.0 * sqrt(low + 0.05) + 1.5 * sin(2.2 * p.x)) + 0.35 * exp(-9.0 * low));
    return Motif(mix(0.09, 0.62 + 0.24 * (lot - 0.5), scum) + 0.30 * exp(-pow(from.x / (0.12 + 0.3 * low), 2.0)) * exp(-2.0 * low), 0.35 * (1.0 - scum), mix(twice_way(vec2(1.0, 0.1)), vec2(cos(curl), sin(curl)), 0.30));
}
Motif burst_of(vec2 p, vec3 sun, float lot) {
    vec2 from = p - sun.xy;
    float r = length(from), angle = atan(from.y, from.x), rays = sin(11.0 * angle + 1.6 * sin(3.0 * angle)), ring = exp(-pow((r - 0.66) / 0.085, 2.0));
    float tone = 0.20 + 0.36 * smoothstep(-0.25, 0.35, rays) * smoothstep(2.0, 0.5, r) + 0.72 * exp(-5.0 * r * r) + 0.42 * ring + 0.08 * (lot - 0.5);
    float gold = smoothstep(0.5, 0.9, sin(11.0 * angle + 1.6 * sin(3.0 * angle) + 2.6)) * smoothstep(0.35, 0.6, r);
    return Motif(tone + 0.30 * gold, 0.62 * gold, mix(twice_way(from), twice_way(vec2(-from.y, from.x)), ring));
}
Motif plain(vec2 p, vec3 sun, float lot) {
    float low = -0.16 - p.y, r = length((p - sun.xy) * vec2(0.8, 1.2)), first = 0.10 + 0.09 * swings(1.3 * p.x, 1.0), second = -0.04 + 0.05 * swings(2.1 * p.x, 4.0);
    vec2 level = twice_way(vec2(1.0, 0.10 * swings(1.7 * p.x, p.y) + 0.10 * (lot - 0.5)));
    if (low > 0.0) {
        float bed = sign(sun.x) * (0.45 + 0.40 * sin(5.5 * sqrt(low + 0.02))), river = smoothstep(1.25, 0.75, abs(p.x - bed) / (0.050 + 0.42 * low * low));
        return Motif(mix(0.34 - 0.26 * smoothstep(0.0, 0.65, low) + 0.50 * exp(-13.0 * low) + 0.06 * sin(26.0 * sqrt(low)), 0.86 - 0.2 * low, river), 0.10 + 0.10 * river, level);
    }
    if (p.y < second) {
        float row = fract(4.2 * p.x + 0.7 * sin(3.0 * p.x)), tree = step(abs(row - 0.5), 0.17) * step(0.2, swings(2.0 * p.x, 5.0) + 0.25);
        return Motif(mix(0.62, 0.24, smoothstep(0.0, 0.08, -low - 0.02)) - 0.12 * tree, 0.20, level);
    }
    if (p.y < first) return Motif(0.36 + 0.24 * smoothstep(0.14, 0.0, p.y - second) + 0.10 * exp(-2.0 * r), 0.35, level);
    return Motif(0.60 + 0.40 * exp(-2.2 * r * r) + 0.30 * smoothstep(0.15, 0.11, r) + 0.07 * sin(9.0 * p.y + 1.2 * swings(1.3 * p.x, 2.0)) - 0.16 * smoothstep(0.3, 1.0, p.y), 0.25 * smoothstep(0.2, 0.9, p.y), level);
}
void add_motif(inout Motif m, Motif one, float share) {
    m.tone += share * one.tone;
    m.cool += share * one.cool;
    m.way += share * one.way;
}
Motif motif(vec2 p, vec3 sun, float lot) {
    Motif m = Motif(0.0, 0.0, vec2(0.0));
    if (MOOD[HAPPY] > 0.01) add_motif(m, wheat(p, sun, lot), MOOD[HAPPY]);
    if (MOOD[SAD] > 0.01) add_motif(m, rain(p, sun, lot), MOOD[SAD]);
    if (MOOD[ANGRY] > 0.01) add_motif(m, fire(p, sun, lot), MOOD[ANGRY]);
    if (MOOD[FEAR] > 0.01) add_motif(m, wood(p, sun, lot), MOOD[FEAR]);
    if (MOOD[DISGUST] > 0.01) add_motif(m, swamp_of(p, sun, lot), MOOD[DISGUST]);
    if (MOOD[SURPRISE] > 0.01) add_motif(m, burst_of(p, sun, lot), MOOD[SURPRISE]);
    if (MOOD[NEUTRAL] > 0.01) add_motif(m, plain(p, sun, lot), MOOD[NEUTRAL]);
    if (MOOD[ASLEEP] > 0.01) {
        Motif night = plain(p, sun, lot);
        night.tone = 0.03 + 0.72 * night.tone;
        add_motif(m, night, MOOD[ASLEEP]);
    }
    return m;
}
