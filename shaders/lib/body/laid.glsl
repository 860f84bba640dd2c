// laid, openness, to_key: a vertex drawn in until it lies on a figure's robe, and how open its place is. Needs body/cast.
// to_key: where the key light comes from, as in light/shade.
// p: near the body; arms [0, 1]: whether forearms and hands count. laid gives the way out of the body, a unit vector; openness the
// light of the room and of the key light, each [0, 1]. Idea: three steps down the distance; the last step's slope is the normal.
vec3 to_key() { return vec3(-0.4503, 0.6754, 0.5854); }
vec3 laid(inout vec3 p, Figure f, float hem, float arms) {
    vec4 d;
    for (int n = 0; n < 3; n++) {
        d = cast_robe(p, f, 0.12, hem, arms);
        p -= d.xyz * (d.w * 0.95);
    }
    return normalize(d.xyz);
}
vec2 openness(vec3 p, vec3 n, Figure f, float hem) {
    float s = f.size;
    float near = cast_robe(p + n * 0.10 * s, f, 0.12, hem, 1.0).w / (0.10 * s);
    float lit = cast_robe(p + n * 0.04 * s + to_key() * 0.22 * s, f, 0.12, hem, 1.0).w / (0.15 * s);
    return vec2(clamp(0.38 + 0.62 * near, 0.25, 1.0), mix(0.25, 1.0, smoothstep(-0.4, 0.9, lit)));
}
