// mask_half, mask_round, mask_band, mask_hair: the egg that a mask is cut from. Needs mask/rig (face, mood). mask_half: half width and half height of the
// face at the height y (units of the face's half height). mask_round: how far out a place of the face lies, 0 the middle, 1 the rim,
// squared. mask_band: a soft ridge over 0, [0, 1]. mask_hair: how far above the line of the hair a place lies. Range: mask_half [0.5, 1.3]; mask_round [0, inf).
// Idea: an ellipse that narrows to the chin; a ball where the mask is plain.
float mask_band(float x) { return exp(-x * x); }
vec2 mask_half(float y) {
    float carved = smoothstep(0.0, 0.6, mood[1].w);
    float wide = 0.74 + 0.06 * mood[0].x + 0.03 * mood[0].w - 0.10 * mood[0].z - 0.10 * mood[1].x - 0.03 * mood[1].y;
    float high = 1.0 + 0.02 * mood[0].w + 0.10 * mood[1].x + 0.05 * mood[1].y + 0.03 * mood[0].z;
    high += y < 0.0 ? 0.10 * face[2].x : 0.0;
    float chin = (0.235 + 0.10 * mood[0].z + 0.06 * mood[1].x - 0.14 * mood[0].x - 0.06 * mood[0].w) * smoothstep(0.30, -0.95, y) - 0.05 * mask_band((y + 0.66) * 3.2);
    chin += 0.10 * mood[0].z * mask_band((y + 0.42) * 4.0);
    vec2 egg = vec2(wide * (1.0 - chin - 0.05 * smoothstep(0.3, 1.0, y)), high);
    return mix(vec2(0.92), egg, carved);
}
float mask_round(vec2 q) {
    vec2 d = q / mask_half(q.y);
    return dot(d, d);
}
float mask_hair(vec2 q) {
    float ax = abs(q.x);
    // Parted in the middle; pointed in anger.
    return q.y - 0.69 - 0.05 * smoothstep(0.0, 0.12, ax) * (1.0 - 2.2 * mood[0].x) + 0.55 * ax * ax + 0.10 * mood[0].x * smoothstep(0.10, 0.30, ax);
}
