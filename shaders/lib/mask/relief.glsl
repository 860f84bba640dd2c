// mask_dome, mask_relief, mask_lips: the height of a mask's face above its rim: the plain shell, and what is carved out of it; mask_lips: where the lips are [0, 1]. Needs mask/rig,
// mask/openings, mask/outline. q in units of the face's half height; eye, mouth and m as mask_eye and mask_mouth give them there. Range: mask_dome [0, 0.9], mask_relief about [-0.3, 0.4].
// Idea: few large forms that meet in clear edges, as carvers of masks make them: brow and nose are one line, the socket lies under it.
float mask_dome(vec2 q) {
    return mix(0.78, 0.50, smoothstep(0.0, 0.6, mood[1].w)) * sqrt(max(1.0 - mask_round(q), 0.0));
}
float mask_bump(vec2 d) { return exp(-dot(d, d)); }
float mask_dip(vec2 d) {
    float in_ = max(1.0 - dot(d, d), 0.0);
    return in_ * in_;
}
// mask_lips: 1 where a lip meets the opening, 0 where it ends: full in the middle, the upper one in a bow, both pointed at the corners.
float mask_lips(float mouth, vec2 m) {
    float arc = max(1.0 - m.x * m.x * 0.92, 0.0), bow = 1.0 - 0.32 / (1.0 + 40.0 * m.x * m.x), above = smoothstep(-0.045, 0.015, m.y);
    float thick = mix(0.088 * sqrt(arc), 0.066 * arc * bow, above) * (1.0 - 0.34 * mood[1].z - 0.45 * mood[0].x) + 0.030 * face[2].w;
    return clamp(1.0 + mouth / max(thick, 0.006), 0.0, 1.0) * smoothstep(0.0, 0.02, thick);
}
float mask_relief(vec2 q, vec3 eye, float mouth, vec2 m) {
    float right = mask_right(q.x), ax = abs(q.x), ridge = sqrt(q.x * q.x + 0.0004), jaw = face[2].x, furrow = face[3].y, sneer = face[3].x, smile = max(0.5 * (face[2].y + face[2].z), 0.0);
    float gaunt = max(-face[4].z, 0.0), cheek = max(face[4].z, 0.0);
    float inner = mix(face[0].x, face[0].y, right), outer = mix(face[0].z, face[0].w, right);
    // Brow: one arc from the root of the nose to the temple.
    float along = clamp((ax - 0.05) / 0.55, 0.0, 1.0);
    float line = 0.30 + 0.15 * mix(inner, outer, along) + 0.085 * sin(3.14159265 * along) * (1.0 - 0.7 * furrow) - 0.10 * along * along;
    float over = q.y - line;
    float brow = exp(-over * over * (over > 0.0 ? 26.0 : 260.0)) * smoothstep(0.72, 0.42, ax) * (0.13 + 0.06 * furrow * (1.0 - along) - 0.025 * mood[1].z);
    // Nose: a roof that grows towards its tip.
    float down = clamp((0.36 - q.y) / 0.60, 0.0, 1.0), half_ = mix(0.060, 0.105, down * down);
    float roof = max(1.0 - pow(ridge / (2.1 * half_), 1.4), 0.0);
    float nose = roof * mix(0.12, 0.29, down * down) * smoothstep(-0.31, -0.215, q.y - 0.30 * ax) * smoothstep(0.50, 0.30, q.y);
    nose += 0.10 * mask_bump(vec2(ax - 0.112 - 0.01 * sneer, q.y + 0.195 - 0.02 * sneer) / vec2(0.050, 0.060)) - 0.06 * mask_dip(vec2(ax - 0.062, q.y + 0.262 - 0.01 * sneer) / vec2(0.046, 0.032));
    float sockets = 0.17 * mask_bump((vec2(ax, q.y) - MASK_EYE - vec2(0.0, 0.01)) / vec2(0.25, 0.17)) * (1.0 + 0.5 * gaunt);
    float ball = 0.13 * mask_bump(eye.yz / vec2(0.17, 0.125));
    // Lids: an edge all round; of those that are polished smooth the upper one has a fold over it.
    float fine = mood[0].w + mood[1].z, lid = mix(0.030, 0.013, fine) * mask_band((eye.x + mix(0.020, 0.013, fine)) / mix(0.016, 0.014, fine)) * step(abs(eye.y), 0.3);
    lid -= 0.016 * fine * mask_dip(vec2(eye.x + 0.062, 0.0) / 0.024) * smoothstep(-0.02, 0.03, eye.z) * smoothstep(0.25, 0.15, abs(eye.y));
    // Cheeks, the muzzle under them, the fold that laughing and disgust draw between.
    vec2 c = vec2(ax - 0.40, q.y + 0.14 - 0.06 * cheek);
    float cheeks = (0.07 + 0.11 * cheek) * mask_bump(c / vec2(0.20, 0.17)) - (0.05 + 0.17 * gaunt) * mask_bump(vec2(ax - 0.43, q.y + 0.46) / vec2(0.17, 0.22));
    float fold_at = 0.13 + (0.26 + 0.08 * smile - 0.12 * face[2].w) * smoothstep(-0.20, -0.62, q.y);
    float fold = (0.012 + 0.024 * smile + 0.05 * sneer) * mask_band((ax - fold_at) / (0.030 + 0.020 * smile)) * smoothstep(-0.72, -0.55, q.y) * smoothstep(-0.14, -0.24, q.y);
    float muzzle = (0.10 - 0.06 * min(smile, 1.0)) * mask_bump(vec2(q.x, q.y + 0.50 + 0.04 * jaw) / vec2(0.30, 0.24));
    float lip = mask_lips(mouth, m), lips = (0.050 + 0.05 * face[2].w) * lip * (2.0 - lip);
    float chin = 0.13 * mask_bump(vec2(q.x, q.y + 0.84 + 0.13 * jaw) / vec2(0.19, 0.13));
    float height = max(brow, nose) + 0.35 * min(brow, nose) - sockets + ball + lid + cheeks - fold + muzzle + lips + chin;
    return height * smoothstep(0.0, 0.6, mood[1].w) * smoothstep(1.0, 0.72, mask_round(q));
}
