// face_place, face_light, skull: a carved face: where a place of the head lies on the face, and
// how much light falls there; the skull, whose edge is 1. Needs the
// sitter's numbers that portrait_head.vert gives. h: from the head's middle in half heads, y up. Range: light about 0 (shadow) to 1. Idea: the
// head is an egg that turns; brow, sockets, nose, cheeks, lips and chin are soft hills on it, whose slopes are known, so that one sum
// gives the surface's normal and any light may fall on it. What lies deep gets less of the room's light.
float skull_wide(float y, float jaw) { return 0.72 - 0.20 * smoothstep(0.05, -1.0, y) - 0.05 * smoothstep(0.2, 1.0, y) + 0.0 * jaw; }
vec2 skull(vec2 h) {
    float open = v_mouth.x;
    h.y /= h.y < -0.2 ? 1.0 : 1.0;
    h.y += 0.10 * open * smoothstep(-0.2, -1.0, h.y);
    return vec2(h.x / skull_wide(h.y, open), h.y);
}
// On the face: x and y as seen from its front, z how far it looks towards us.
vec3 face_place(vec2 h) {
    vec2 e = skull(h);
    float z = sqrt(max(1.0 - dot(e, e), 0.0));
    float x = e.x * v_turn.y - z * v_turn.x, deep = e.x * v_turn.x + z * v_turn.y;
    return vec3(x, e.y * v_turn.w - deep * v_turn.z, e.y * v_turn.z + deep * v_turn.w);
}
void hill(inout vec3 slope, vec2 f, vec2 middle, vec2 size, float high) {
    vec2 d = (f - middle) / size;
    float there = high * exp(-dot(d, d));
    slope.xy += 2.0 * there * d / size;
    slope.z += there;
}
float face_light(vec2 h) {
    vec2 e = skull(h);
    vec3 f = face_place(h);
    float side = f.x < 0.0 ? -1.0 : 1.0;
    vec2 a = vec2(abs(f.x), f.y);
    vec3 s = vec3(0.0);
    float smile = max(v_mouth.y, 0.0), frown = max(-v_mouth.y, 0.0), sneer = v_gaze.z, gaunt = 0.5 + 0.5 * v_shares[FEAR] + 0.4 * v_shares[SAD];
    float inner = 0.10 * v_brow.x - 0.09 * v_brow.z, outer = 0.09 * v_brow.y - 0.02 * v_brow.z;
    hill(s, a, vec2(0.20, 0.28 + inner), vec2(0.22, 0.10), 0.045 + 0.03 * v_brow.z);
    hill(s, a, vec2(0.48, 0.30 + outer), vec2(0.22, 0.10), 0.045);
    hill(s, a, vec2(0.36, 0.11), vec2(0.24, 0.16), -0.13);
    hill(s, a, vec2(0.37, 0.06), vec2(0.15, 0.10), 0.060);
    float nose_x = f.x - 0.02 * v_gaze.w;
    hill(s, vec2(nose_x, f.y), vec2(0.0, 0.02), vec2(0.095, 0.30), 0.125);
    hill(s, vec2(nose_x, f.y), vec2(0.0, -0.20), vec2(0.125, 0.10), 0.085);
    hill(s, a, vec2(0.15, -0.23 + 0.04 * sneer), vec2(0.08, 0.07), 0.035);
    hill(s, a, vec2(0.50, -0.10 + 0.06 * smile), vec2(0.22, 0.16), 0.060 + 0.05 * smile);
    hill(s, a, vec2(0.46, -0.46), vec2(0.20, 0.24), -0.07 * gaunt);
    float mouth_x = f.x - 0.10 * v_gaze.w;
    vec2 m = vec2(mouth_x, f.y);
    hill(s, m, vec2(0.0, -0.50), vec2(0.34, 0.22), 0.05);
    hill(s, m, vec2(0.0, -0.455), vec2(0.20, 0.050), 0.022);
    hill(s, m, vec2(0.0, -0.60 - 0.14 * v_mouth.x), vec2(0.17, 0.055), 0.034);
    hill(s, m, vec2(0.0, -0.70 - 0.10 * v_mouth.x), vec2(0.18, 0.06), -0.020);
    hill(s, vec2(f.x, f.y), vec2(0.0, -0.86), vec2(0.19, 0.13), 0.075);
    // Folds from the nose to the mouth's corners; a frown between the brows.
    float fold = a.x - mix(0.20, 0.40, clamp((-0.22 - a.y) / 0.34, 0.0, 1.0));
    float folded = exp(-pow(fold / 0.045, 2.0)) * smoothstep(-0.66, -0.5, a.y) * smoothstep(-0.18, -0.28, a.y) * (0.25 + 0.6 * max(smile, sneer) + 0.4 * frown);
    vec3 n = normalize(vec3(e * vec2(1.0, 0.70), 0.15 + sqrt(max(1.0 - dot(e, e), 0.0))) + vec3(s.xy * 0.55, 0.0));
    float lit = mix(0.14, 1.0, smoothstep(-0.30, 1.08, dot(n, v_key.xyz)));
    float deep = clamp(-s.z * 3.2, 0.0, 0.6);
    // The nose throws its shadow away from the light.
    vec2 thrown = vec2(nose_x, f.y) - vec2(0.0, -0.26) + 0.14 * v_key.xy;
    float shadow = exp(-dot(thrown / vec2(0.13, 0.09), thrown / vec2(0.13, 0.09)));
    return lit * (1.0 - deep) * (1.0 - 0.40 * shadow) - 0.16 * folded + 0.5 * max(s.z, 0.0);
}
