// pressed, press: how far a figure presses the cloth out at a place, how far the cloth lies on it there, and how far on its head.
// Needs lib/frame, noise/swell3, relief/dome, body/features and the numbers of the figure that sculpture_feedback.vert gives.
// p: scene units. Range: the height 0 to about 0.6 of the figure's size, in scene units; the shares [0, 1].
// Idea: limbs are bars and eggs under a taut cloth, melted into one by a sum of powers; the face is carved on the head's egg, whose front
// turns as the head does, and fingers are valleys in a mitten.
void press(inout float sum, float high, float melt) { sum += exp2(melt * high) - 1.0; }
vec3 pressed(vec2 p) {
    vec2 place = p;
    float s = v_head.w, near = v_neck.w, grown = v_chest.w, sum = 0.0, t, a;
    // Wet and heavy, or clutched, cloth lies closer.
    float melt = (25.0 - 12.0 * v_mood_last.x - 4.0 * v_mood_first.y) / s;
    // In disgust it runs down in strings.
    if (v_mood_first.y > 0.004) {
        float strings = max(swell3(vec3(7.0 * p.x / s, 0.5 * p.y / s - 0.05 * u_phase, 0.3)), 0.0);
        p.y += v_mood_first.y * 0.55 * s * strings * strings * smoothstep(0.20, 0.75, distance(p, v_head.xy + vec2(0.0, 0.1 * s)) / s);
    }
    vec2 across = normalize(v_arm[0].xy - v_arm[3].xy + vec2(1e-4, 0.0)), up = vec2(-across.y, across.x);
    // Trunk: breast, belly, shoulders that slope from the neck.
    vec2 q = (p - v_chest.xy) / s;
    q = vec2(dot(q, across), dot(q, up));
    press(sum, (0.23 * s + v_chest.z) * dome(length(q / vec2(0.33, 0.34))), melt);
    q.x = abs(q.x);
    press(sum, (0.265 * s + v_chest.z) * dome(length((q - vec2(0.125, 0.02)) / vec2(0.155, 0.15))), melt);
    t = bar_away(p, v_chest.xy, v_pelvis.xy, a);
    press(sum, (mix(0.22, 0.22, a) * s + mix(v_chest.z, v_pelvis.z, a)) * dome(t / (mix(0.21, 0.25, a) * s)), melt);
    for (int i = 0; i < 2; i++) {
        t = bar_away(p, v_neck.xy + 0.03 * s * up, v_arm[3 * i].xy, a);
        press(sum, (mix(0.17, 0.21, a) * s + v_neck.z) * dome(t / (mix(0.10, 0.125, a) * s)), melt);
    }
    t = bar_away(p, v_neck.xy - 0.10 * s * up, v_head.xy, a);
    press(sum, (0.20 * s + mix(v_neck.z, v_head.z, a)) * dome(t / (mix(0.15, 0.115, a) * s)), melt);
    // Arms and hands.
    for (int i = 0; i < 2; i++) {
        vec4 upper = v_arm[3 * i], lower = v_arm[3 * i + 1], high = v_arm[3 * i + 2];
        t = bar_away(p, upper.xy, upper.zw, a);
        press(sum, (0.19 * s + high.x * a) * dome(t / (mix(0.135, 0.115, a) * s)), melt);
        t = bar_away(p, upper.zw, lower.xy, a);
        press(sum, (mix(0.19, 0.17, a) * s + mix(high.x, high.y, a)) * dome(t / (mix(0.115, 0.078, a) * s)), melt);
        vec2 way = normalize(lower.zw - lower.xy + vec2(0.0, -1e-4)), tip = lower.zw + 0.09 * s * way;
        t = bar_away(p, lower.xy + 0.03 * s * way, tip, a);
        float side = dot(p - lower.xy, vec2(-way.y, way.x)) / s, fingers = cos(side * 130.0) * smoothstep(0.40, 0.75, a) * smoothstep(0.10, 0.06, abs(side));
        press(sum, (0.19 * s + high.z) * dome(t / (mix(0.075, 0.095, sin(2.6 * a)) * s)) * (1.0 + 0.06 * fingers), melt);
        // Legs show through the skirt.
        vec2 hip = v_pelvis.xy + (i == 0 ? 0.10 : -0.10) * s * across;
        t = bar_away(p, hip, v_leg[i].xy, a);
        press(sum, (mix(0.16, 0.21, a) * s + 0.6 * v_pelvis.z) * dome(t / (mix(0.17, 0.12, a) * s)), melt);
        t = bar_away(p, v_leg[i].xy, v_leg[i].zw, a);
        press(sum, mix(0.20, 0.10, a) * s * dome(t / (mix(0.12, 0.10, a) * s)), melt);
    }
    // The cloth spans from limb to limb: a robe, and a veil that falls from the crown over the shoulders.
    t = bar_away(p, v_chest.xy, 0.5 * (v_leg[0].zw + v_leg[1].zw), a);
    press(sum, (mix(0.17, 0.11, a) + 0.075 * v_mood_last.x + 0.03 * v_mood_last.z) * s * dome(t / ((mix(0.36, 0.40, a) + 0.05 * v_mood_last.x) * s)), melt);
    t = bar_away(p, v_head.xy + 0.04 * s * up, v_neck.xy - 0.16 * s * up, a);
    press(sum, (mix(0.22, 0.17, a) * s + 0.6 * mix(v_head.z, v_neck.z, a)) * dome(t / (mix(0.20, 0.33, a) * s)), melt);
    // Head: where the ray through this place meets the egg, and what of the face lies there.
    vec2 d = (place - v_head.xy) / s, x = normalize(v_face_x.xy + vec2(1e-4, 0.0));
    float l = length(vec2(dot(d, x), dot(d, vec2(-x.y, x.x)) + 0.002) / vec2(0.174, 0.226));
    vec3 at = vec3(d, 0.21 * sqrt(max(1.0 - min(l * l, 1.0), 0.0)));
    vec3 in_face = vec3(dot(at, v_face_x), dot(at, v_face_y), dot(at, cross(v_face_x, v_face_y))) / 0.225;
    float front = smoothstep(0.02, 0.45, in_face.z) * smoothstep(1.06, 0.86, l) * smoothstep(1.10, 0.90, abs(in_face.y));
    float carved = features(in_face.xy * vec2(0.86, 0.90) + vec2(0.0, -0.05), Expression(v_brow, v_lids, v_mouth, v_more));
    press(sum, (0.34 * s + v_head.z) * dome(0.96 * l) + 0.29 * s * carved * front * mix(0.7, 1.0, grown), melt);
    float high = log2(1.0 + max(sum, 0.0)) / melt;
    return vec3(high, smoothstep(0.075, 0.155, high / s), smoothstep(1.25, 0.92, l));
}
