// Arm, arm_of: where a painted visitor's shoulder, elbow and wrist are, as seen from behind. Needs lib/frame, form/moods, body/reframed, body/posed_arm, atelier/back.
// arm: 0 left, 1 right; out_to: -1 or 1, the side it is on; shown: how far it is lifted, [0, 1], 0 where it hangs beside the coat. Range: scene units.
// Idea: arms that are raised are the visitor's own; whoever is seen so near that no camera sees their arms has the mood's.
struct Arm { vec2 shoulder; vec2 elbow; vec2 wrist; float out_to; float shown; };
// The mood's own gesture, in head half heights from the head, out to the side: thrown open, one thrust up, hands at the ears, one that wards off.
float gesture_arm(int arm, out vec2 elbow, out vec2 wrist) {
    float way = u_self[u_shape].x < 0.5 ? float(arm) : 1.0 - float(arm);
    vec4 angry = mix(vec4(2.7, -1.7, 2.3, 0.9), vec4(2.5, -3.3, 1.7, -4.3), way), disgust = mix(vec4(2.7, -2.3, 3.3, -0.2), vec4(1.9, -3.4, 0.6, -1.5), way);
    vec4 all = MOOD[ANGRY] * angry + MOOD[DISGUST] * disgust + MOOD[FEAR] * vec4(2.05, -1.35, 0.86, 0.10) + MOOD[HAPPY] * vec4(2.5, -1.1, 3.1, 1.1) + MOOD[SURPRISE] * vec4(2.6, -1.9, 2.7, 0.3);
    float share = MOOD[ANGRY] + MOOD[DISGUST] + MOOD[FEAR] + MOOD[HAPPY] + MOOD[SURPRISE];
    all /= max(share, 1e-3);
    elbow = all.xy;
    wrist = all.zw;
    return smoothstep(0.3, 0.8, share);
}
Arm arm_of(Back b, int who, int arm) {
    Mountain m = b.m;
    Arm a;
    float mood[7] = float[7](MOOD[0], MOOD[1], MOOD[2], MOOD[3], MOOD[4], MOOD[5], MOOD[6]), H = m.size;
    Reframed r = reframed(who);
    vec4 shoulder = reframed_joint(r, who, LEFT_SHOULDER + arm), elbow, wrist;
    posed_arm(r, who, mood, arm, shoulder, reframed_joint(r, who, RIGHT_SHOULDER - arm), elbow, wrist);
    float seen_x = m.to.x + m.by * (shoulder.x - m.from.x);
    a.out_to = seen_x < m.middle.x ? -1.0 : 1.0;
    // A sleeve is sewn to the coat's shoulder.
    a.shoulder = back_at(b, 0.77 * a.out_to, 2.85 - 0.25 * MOOD[FEAR]);
    a.elbow = m.to + m.by * (elbow.xy - m.from);
    a.wrist = m.to + m.by * (wrist.xy - m.from);
    vec2 to_elbow, to_wrist, outwards = vec2(a.out_to * H, H), seated = m.crown - vec2(0.0, 1.06 * H);
    float raised = smoothstep(0.1, 0.5, wrist.w) * smoothstep(-1.5, 0.0, (wrist.y - shoulder.y) / r.half_head) * (1.0 - MOOD[FEAR]);
    // In fear everybody's hands are at their head.
    float gesture = gesture_arm(arm, to_elbow, to_wrist) * max((1.0 - smoothstep(1.8, 2.4, u_seen[who].x)) * (1.0 - raised), MOOD[FEAR]);
    a.elbow = mix(a.elbow, seated + outwards * to_elbow, gesture);
    a.wrist = mix(a.wrist, seated + outwards * to_wrist, gesture);
    // An arm that nobody sees, or that is at rest, hangs beside the coat.
    float lifted = smoothstep(-0.2, 0.9, (a.wrist.y - a.shoulder.y) / H + 0.22 * abs(a.wrist.x - a.shoulder.x) / H);
    a.shown = max(gesture, min(smoothstep(0.15, 0.6, elbow.w), smoothstep(0.1, 0.5, wrist.w)) * lifted * smoothstep(1.1, 1.8, u_seen[who].x));
    a.elbow = mix(a.shoulder + vec2(0.26 * a.out_to, -2.45) * H, a.elbow, a.shown);
    a.wrist = mix(a.shoulder + vec2(0.24 * a.out_to, -4.75) * H, a.wrist, a.shown);
    // No bone is longer than a person's.
    vec2 upper = a.elbow - a.shoulder, fore;
    a.elbow = a.shoulder + upper * min(1.0, 2.75 * H / max(length(upper), 1e-4));
    fore = a.wrist - a.elbow;
    a.wrist = a.elbow + fore * min(1.0, 2.55 * H / max(length(fore), 1e-4));
    return a;
}
