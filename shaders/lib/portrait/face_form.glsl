// face_place, face_light, skull: a carved face: where a place of the head lies on the face, and how much light falls there; the skull, whose
// edge is 1. Needs the sitter's numbers that portrait_head.vert gives. h: from the head's middle in half heads, y up; the eyes are at half
// height. Range: light about 0 (shadow) to 1.1. Idea: the head is an egg that turns; brow, sockets, nose, cheeks, lips and chin are soft
// hills on it, whose slopes are known, so that one sum gives the surface's normal and any light may fall on it. What lies deep gets less
// of the room's light, and the nose throws its shadow on the cheek.
float skull_wide(float y) { return 0.73 - 0.09 * smoothstep(-0.05, -0.50, y) + 0.07 * smoothstep(-0.50, -0.90, y) - 0.03 * smoothstep(0.3, 1.0, y); }
vec2 skull(vec2 h) {
    h.y += 0.06 * v_mouth.x * smoothstep(-0.3, -1.0, h.y);
    return vec2(h.x / skull_wide(h.y), h.y);
}
// On the face: x and y as seen from its front, z how far it looks towards us.
vec3 face_place(vec2 h) {
    vec2 e = skull(h);
    float z = sqrt(max(1.0 - dot(e, e), 0.0));
    float x = e.x * v_turn.y - z * v_turn.x, deep = e.x * v_turn.x + z * v_turn.y;
    return vec3(x * 0.72, e.y * v_turn.w - deep * v_turn.z, e.y * v_turn.z + deep * v_turn.w);
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
    vec2 a = vec2(abs(f.x), f.y);
    vec3 s = vec3(0.0);
    float smile = max(v_mouth.y, 0.0), frown = max(-v_mouth.y, 0.0), sneer = v_gaze.z, gaunt = 0.6 + 0.5 * v_shares[FEAR] + 0.4 * v_shares[SAD] + 0.4 * v_shares[ANGRY];
    float inner = 0.06 * v_brow.x - 0.06 * v_brow.z, outer = 0.05 * v_brow.y - 0.02 * v_brow.z;
    // What stands out of the egg moves more than it where the head turns.
    float out_x = f.x - 0.16 * v_turn.x * smoothstep(0.25, -0.25, f.y);
    hill(s, a, vec2(0.20, 0.60), vec2(0.34, 0.26), 0.05);
    hill(s, a, vec2(0.17, 0.235 + inner), vec2(0.19, 0.075), 0.050 + 0.03 * v_brow.z);
    hill(s, a, vec2(0.42, 0.245 + outer), vec2(0.19, 0.085), 0.048);
    hill(s, a, vec2(0.31, 0.065), vec2(0.19, 0.125), -0.150);
    hill(s, a, vec2(0.13, 0.06), vec2(0.08, 0.12), -0.060);
    hill(s, a, vec2(0.31, 0.030), vec2(0.135, 0.080), 0.085);
    vec2 n2 = vec2(out_x, f.y);
    hill(s, n2, vec2(0.0, -0.02), vec2(0.078, 0.27), 0.125);
    hill(s, n2, vec2(0.0, -0.245), vec2(0.100, 0.075), 0.085);
    hill(s, vec2(abs(out_x), f.y), vec2(0.118, -0.275 + 0.03 * sneer), vec2(0.060, 0.055), 0.040);
    hill(s, a, vec2(0.46 - 0.05 * smile, -0.10 + 0.02 * smile), vec2(0.19, 0.13), 0.075 + 0.055 * smile);
    hill(s, a, vec2(0.30, -0.22 + 0.03 * smile), vec2(0.17, 0.15), 0.030 + 0.02 * smile);
    hill(s, a, vec2(0.42, -0.48), vec2(0.15, 0.22), -0.070 * gaunt);
    vec2 m = vec2(f.x - 0.08 * v_gaze.w - 0.08 * v_turn.x, f.y);
    hill(s, m, vec2(0.0, -0.52), vec2(0.27, 0.20), 0.055);
    hill(s, m, vec2(0.0, -0.425), vec2(0.045, 0.060), -0.014);
    hill(s, m, vec2(0.0, -0.505 + 0.02 * sneer), vec2(0.17, 0.036), 0.020);
    hill(s, m, vec2(0.0, -0.615 - 0.07 * v_mouth.x), vec2(0.140, 0.060), 0.024);
    hill(s, m, vec2(0.0, -0.695 - 0.06 * v_mouth.x), vec2(0.18, 0.060), -0.018);
    hill(s, vec2(abs(m.x), m.y), vec2(0.235, -0.555 + 0.03 * smile - 0.02 * frown), vec2(0.06, 0.07), -0.024);
    hill(s, f.xy, vec2(0.0, -0.855), vec2(0.19, 0.115), 0.080);
    vec3 n = normalize(vec3(e * vec2(1.30, 0.62), 0.10 + sqrt(max(1.0 - dot(e, e), 0.0))) + vec3(s.xy * vec2(0.62, 0.55), 0.0));
    float facing = dot(n, v_key.xyz), lit = smoothstep(-0.10, 1.02, facing);
    // Weak light comes back from the other side.
    float back = max(dot(n, vec3(0.90, -0.10, 0.10)), 0.0);
    float deep = clamp(-s.z * 3.6, 0.0, 0.75);
    vec2 thrown = (vec2(out_x, f.y) - vec2(0.0, -0.20) + 0.20 * v_key.xy) / vec2(0.11, 0.15);
    float shadow = exp(-dot(thrown, thrown)) * smoothstep(-0.02, 0.12, -sign(v_key.x) * out_x);
    // Folds from the nose to the mouth's corners.
    float fold = a.x - mix(0.15, 0.29, clamp((-0.26 - a.y) / 0.30, 0.0, 1.0));
    float folded = exp(-fold * fold / 0.0016) * smoothstep(-0.64, -0.46, a.y) * smoothstep(-0.20, -0.30, a.y) * (0.30 + 0.5 * max(smile, sneer) + 0.4 * frown);
    // The light falls off downwards.
    lit *= 1.0 - 0.26 * smoothstep(0.35, -0.95, f.y) * sign(v_key.y + 0.3);
    lit *= (1.0 - deep) * (1.0 - 0.62 * shadow) * (1.0 - 0.30 * folded);
    // Who hides or weeps is seen by more light.
    lit *= 1.0 + 0.35 * v_shares[FEAR] + 0.28 * v_shares[SAD];
    return 0.04 + lit + 0.10 * back * (1.0 - deep) + 0.35 * max(s.z - 0.06, 0.0) * lit;
}
