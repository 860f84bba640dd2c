// openness: how open a place on a figure's robe is to the light of the room and to the lamp. Needs body/cast,
// body/stone_light. p: on the body, n: the way out of it; hem as cast_robe takes it.
// Range: each [0, 1]. Idea: what the distance to the body says a little way off, outwards and towards the lamp.
vec2 openness(vec3 p, vec3 n, Figure f, float hem) {
    float s = f.size;
    float lit = cast_robe(p + n * 0.06 * s + side_light() * 0.18 * s, f, 0.12, hem, 1.0).w / (0.15 * s);
    return vec2(mix(0.45, 1.0, smoothstep(-0.5, 0.8, lit)), mix(0.12, 1.0, smoothstep(-0.35, 0.85, lit)));
}
