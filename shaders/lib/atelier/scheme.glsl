// motif_head, motif_light, motif_shadow, scheme: whose head the motif is built round, where the motif's light is, and how light a place of the picture is to be: the mood's plan of values, laid
// before any colour. motif_shadow: the shadow that stands over who is afraid, [0, 1]. Needs lib/frame, form/moods, land/lay; MOOD is known. p: scene units. Range: motif_light x, y and reach; scheme about 0.2 to 1.8.
// Idea: a painter squints first: each mood has one arrangement of light and dark, which still reads when all colour is gone.
vec2 motif_head() { return u_people > 0 ? mix(vec2(u_place[0].x, 0.2), u_head[0].xy, u_seen[0].w) : vec2(0.0, 0.2); }
vec3 motif_light() {
    vec2 head = motif_head();
    float aside = head.x > 0.1 ? -1.0 : 1.0;
    vec2 behind = vec2(head.x, clamp(head.y, 0.05, 0.35));
    return MOOD[NEUTRAL] * vec3(0.75 * aside, 0.12, 0.9) + MOOD[SAD] * vec3(0.85 * aside, 0.30, 0.50) + MOOD[ANGRY] * vec3(-0.70 * aside, -0.10, 0.6)
        + MOOD[FEAR] * vec3(0.42 * aside, -0.06, 0.55) + MOOD[DISGUST] * vec3(-0.80 * aside, 0.45, 0.6) + MOOD[ASLEEP] * vec3(0.45, 0.15, 0.8)
        + MOOD[HAPPY] * vec3(behind - vec2(0.0, 0.05), 1.0) + MOOD[SURPRISE] * vec3(behind, 0.55);
}
float motif_shadow(vec2 p) {
    vec2 head = motif_head(), from = p - vec2(head.x + (head.x > 0.1 ? 0.56 : -0.56), 0.42);
    // Head and shoulders, much larger than life, that lean over from behind.
    from.x += 0.18 * from.y;
    float skull = length(from / vec2(0.27, 0.35)), body = length((from + vec2(0.0, 1.02)) / vec2(0.66, 0.92));
    return smoothstep(1.20, 0.85, min(skull, body));
}
float scheme(vec2 p, vec3 sun) {
    vec2 from = p - sun.xy;
    float away = length(from), pool = exp(-away * away / (sun.z * sun.z)), value = 0.0;
    value += MOOD[NEUTRAL] * (0.62 + 0.55 * exp(-5.0 * (p.y + 0.05) * (p.y + 0.05)));
    value += MOOD[HAPPY] * (0.62 + 1.00 * pool);
    value += MOOD[SAD] * (0.46 + 0.46 * smoothstep(-0.7, 0.8, p.y) + 1.9 * pool);
    value += MOOD[ANGRY] * (0.40 + 1.05 * exp(-5.0 * pow(p.y - 0.55 * p.x * sign(-sun.x) + 0.05, 2.0)) + 0.60 * pool);
    value += MOOD[FEAR] * (1.05 + 1.70 * pool + 1.10 * exp(-7.0 * (p.y + 0.10) * (p.y + 0.10))) * (1.0 - 0.72 * motif_shadow(p));
    value += MOOD[DISGUST] * (0.55 + 0.40 * pool + 0.20 * sin(3.1 * p.x + 2.0 * sin(2.3 * p.y)));
    value += MOOD[SURPRISE] * (0.50 + 1.00 * exp(-9.0 * (away - 0.62) * (away - 0.62)) + 0.55 * exp(-6.0 * away * away));
    value += MOOD[ASLEEP] * (0.34 + 0.30 * pool);
    // Who is there stands before a lighter ground.
    return value * (1.0 - 0.34 * smoothstep(0.5, 2.0, length(p * vec2(0.85, 1.15))));
}
