// brush_way, twice_way, half_way: the way a brush goes at a place. Needs lib/frame, form/moods; MOOD is known. p: scene units; about: what strokes go round; lot:
// of the stroke, [0, 1). twice_way gives a way with its angle doubled, half_way takes that back. Range: unit vectors.
// Idea: strokes have no front: ways are added with their angles doubled. Calm is level, sorrow falls, anger slashes, fear dabs, disgust
// curls, joy rises in arcs, surprise rings and rays.
vec2 twice_way(vec2 way) { return vec2(way.x * way.x - way.y * way.y, 2.0 * way.x * way.y) / max(dot(way, way), 1e-5); }
vec2 half_way(vec2 twice) {
    vec2 way = vec2(length(twice) + twice.x, twice.y);
    return dot(way, way) < 1e-6 ? vec2(0.0, 1.0) : normalize(way);
}
vec2 brush_way(vec2 p, vec2 about, vec4 lot) {
    vec2 from = p - about, sum = vec2(0.0);
    float drift = 0.15 * sin(1.7 * p.x + 0.9 * p.y + 0.1 * u_phase);
    sum += MOOD[NEUTRAL] * twice_way(vec2(1.0, 0.5 * drift + 0.12 * (lot.x - 0.5)));
    sum += MOOD[ASLEEP] * twice_way(vec2(1.0, 0.12 + drift));
    sum += MOOD[SAD] * twice_way(vec2(0.10 * (lot.x - 0.5) + 0.2 * drift, 1.0));
    sum += MOOD[ANGRY] * twice_way(lot.x < 0.72 ? vec2(0.80, 0.60 + 0.5 * (lot.y - 0.5)) : vec2(0.85, -0.52));
    float dab = 6.2832 * lot.x + 0.3 * sin(u_phase);
    sum += MOOD[FEAR] * mix(twice_way(vec2(-from.y, from.x)), vec2(cos(dab), sin(dab)), 0.30);
    float curl = 2.4 * sin(2.6 * p.x + 1.1) + 2.4 * sin(3.1 * p.y + 1.6 * p.x) + 0.10 * u_phase;
    sum += MOOD[DISGUST] * vec2(cos(curl), sin(curl));
    vec2 root = vec2(about.x, -1.15), rise = p - root;
    sum += MOOD[HAPPY] * twice_way(rise + vec2(rise.y, -rise.x) * 0.55 * clamp(rise.x, -1.0, 1.0));
    float ring = (length(from) - 0.68) / 0.17;
    sum += MOOD[SURPRISE] * mix(twice_way(from), twice_way(vec2(-from.y, from.x)), exp(-ring * ring));
    return half_way(sum);
}
