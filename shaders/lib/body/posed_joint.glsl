// posed_joint: a joint of a visitor in the mood's own gesture: arms that hang are thrown open by joy, lifted by surprise, thrust out by
// anger, folded before a face that hides by fear. Arms that are raised already stay the visitor's own, and so does all else.
// Needs lib/frame, form/moods, body/reframed. who: 0 to u_people - 1; mood: of moods; gives what reframed_joint gives.
vec4 posed_joint(Reframed r, int who, float mood[7], int j) {
    vec4 joint = reframed_joint(r, who, j);
    if (j < LEFT_ELBOW || j > RIGHT_WRIST) return joint;
    int side = j & 1;
    vec4 shoulder = reframed_joint(r, who, LEFT_SHOULDER + side), wrist = reframed_joint(r, who, LEFT_WRIST + side);
    vec4 other = reframed_joint(r, who, LEFT_SHOULDER + 1 - side);
    float H = r.half_head, hangs = smoothstep(1.2 * H, 3.2 * H, shoulder.y - wrist.y) * smoothstep(0.2, 0.6, wrist.w), out_to = shoulder.x < other.x ? -1.0 : 1.0;
    float lift = hangs * (1.75 * mood[HAPPY] + 0.75 * mood[ANGRY] + 1.05 * mood[SURPRISE] + 0.12 * mood[DISGUST]) * out_to, c = cos(lift), s = sin(lift);
    joint.xy = shoulder.xy + mat2(c, s, -s, c) * (joint.xy - shoulder.xy);
    vec2 hidden = r.head + (j >= LEFT_WRIST ? vec2(0.62 * out_to, -0.85) : vec2(1.45 * out_to, -3.1)) * H;
    joint.xyz = mix(joint.xyz, vec3(hidden, joint.z + (j >= LEFT_WRIST ? 1.0 : 0.5) * H), 0.92 * hangs * mood[FEAR] * (1.0 - r.bust));
    return joint;
}
