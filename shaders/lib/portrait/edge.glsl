// uv_of, whose_place, figure_cover, laid: what ground and robe share: whose place of the picture it is, how far the figure covers it, a stroke and where
// its middle is. Needs lib/frame, noise/swell3, picture/strokes, portrait/upper_stroke, portrait/flow, and v_sitters. p: place in the
// picture. Range: figure_cover [0, 1]; whose_place as v_sitters, between two sitters what lies between them. Idea: the outline is torn by the
// brush; it is found on the light side and lost on the dark one.
vec2 uv_of(vec2 p) { return p * min(u_resolution.x, u_resolution.y) / u_resolution * 0.5 + 0.5; }

vec4 whose_place(vec2 p) {
    vec4 nearest = vec4(0.0);
    for (int i = 0; i < max(u_people, 1); i++) {
        float aside = (p.x - v_sitters[i].x) / max(v_sitters[i].z, 0.05);
        nearest += vec4(v_sitters[i].xyz, 1.0) * (v_sitters[i].w * exp(-0.7 * aside * aside) + 1e-6);
    }
    return nearest / nearest.w;
}
// here: what portrait_feedback.frag found; stir: a slow bending of places.
float figure_cover(vec2 p, vec4 nearest, out vec4 here, out vec2 stir) {
    vec3 bent = vec3(p * 3.1, 0.3 * u_phase);
    stir = 0.6 * parabolic(bent + 0.7 * parabolic(bent.yzx * 0.61 + vec3(0.3, 1.7, 2.9))).xy;
    vec2 torn = stir * (0.010 + 0.02 * v_shares[DISGUST]) + u_tremble * 0.006 * vec2(sin(u_phase * 9.0 + p.y * 21.0), cos(u_phase * 11.0 + p.x * 17.0));
    here = textureLod(u_feedback, uv_of(p + torn), 0.0);
    float lost = clamp(smoothstep(-0.2, 1.1, (p.x - nearest.x) / nearest.z) + smoothstep(0.0, -1.0, p.y - nearest.y + 0.5), 0.0, 1.0), wide = mix(0.12, 0.38, lost);
    float brush = 0.045 * parabolic(vec3(p * vec2(9.0, 23.0) + 3.0 * stir, 1.0)).y * (1.0 - smoothstep(0.7, 0.9, here.r));
    return smoothstep(0.5 - wide, 0.5 + wide, here.r + brush);
}
// A stroke, and where its middle is in the picture.
Stroke laid(vec2 p, Flow flow, float size, vec2 longer, vec2 crossing, int set, out vec2 middle) {
    stroke_hairs = smoothstep(3.0, 12.0, 0.7 * size / length(flow.turn) * 0.5 * min(u_resolution.x, u_resolution.y));
    Stroke st = upper_stroke(flow.place * longer, size, 0.55, vec4(1.0, 0.0, crossing), 0.35, set);
    middle = p + flow_back(flow, st.middle / longer - flow.place);
    return st;
}
