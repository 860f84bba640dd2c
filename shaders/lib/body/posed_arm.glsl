// posed_arm: a visitor's arm in the mood's own gesture: arms that hang are thrown open by joy, lifted by surprise, thrust out by
// anger, folded before a face that hides by fear. Arms that are raised already stay the visitor's own.
// Needs lib/frame, form/moods, body/reframed. who: 0 to u_people - 1; mood: of moods; side: 0 left, 1 right; shoulder and other: this
// side's and the other's, of reframed_joint. Range: elbow and wrist in scene units, w
// as it was. Idea: a gesture takes an arm the more, the more it hangs.
void posed_arm(Reframed r, int who, float mood[7], int side, vec4 shoulder, vec4 other, out vec4 elbow, out vec4 wrist) {
    elbow = reframed_joint(r, who, LEFT_ELBOW + side);
    wrist = reframed_joint(r, who, LEFT_WRIST + side);
    float H = r.half_head, hangs = smoothstep(1.2 * H, 3.2 * H, shoulder.y - wrist.y) * smoothstep(0.2, 0.6, wrist.w), out_to = shoulder.x < other.x ? -1.0 : 1.0;
    if (hangs <= 0.0) return;
    float lift = hangs * (1.75 * mood[HAPPY] + 0.75 * mood[ANGRY] + 1.05 * mood[SURPRISE] + 0.12 * mood[DISGUST]) * out_to, c = cos(lift), s = sin(lift);
    mat2 turn = mat2(c, s, -s, c);
    float hides = 0.92 * hangs * mood[FEAR] * (1.0 - r.bust);
    elbow.xyz = mix(vec3(shoulder.xy + turn * (elbow.xy - shoulder.xy), elbow.z), vec3(r.head + vec2(1.45 * out_to, -3.1) * H, elbow.z + 0.5 * H), hides);
    wrist.xyz = mix(vec3(shoulder.xy + turn * (wrist.xy - shoulder.xy), wrist.z), vec3(r.head + vec2(0.62 * out_to, -0.85) * H, wrist.z + H), hides);
}
