// openness, to_key: how open a place on a figure's robe is to the light of the room and to the key light. Needs body/cast.
// to_key: where the key light comes from, as in light/shade. p: on the body, n: the way out of it; hem as cast_robe takes it.
// Range: each [0, 1]. Idea: what the distance to the body says a little way off, along the normal and towards the light.
vec3 to_key() { return vec3(-0.4503, 0.6754, 0.5854); }
vec2 openness(vec3 p, vec3 n, Figure f, float hem) {
    float s = f.size;
    float near = cast_robe(p + n * 0.10 * s, f, 0.12, hem, 1.0).w / (0.10 * s);
    float lit = cast_robe(p + n * 0.04 * s + to_key() * 0.22 * s, f, 0.12, hem, 1.0).w / (0.15 * s);
    return vec2(clamp(0.38 + 0.62 * near, 0.25, 1.0), mix(0.25, 1.0, smoothstep(-0.4, 0.9, lit)));
}
