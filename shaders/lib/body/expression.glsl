// expression: what a figure's face shows: the visitor's own, leaned on by the mood. Needs lib/frame, body/body_moods, body/features.
// Range: as u_expression. Idea: the larger of the two, so that a face that is not seen has the mood's, and one that is seen its own.
Expression expression(int who, BodyMoods m) {
    Expression e;
    float breath = 0.5 + 0.5 * sin(u_time * 0.8);
    e.brow = vec4(0.9 * m.sad + 0.75 * m.fear + 0.8 * m.surprise, 0.9 * m.surprise + 0.2 * m.happy, 1.0 * m.angry + 0.6 * m.disgust + 0.15 * m.fear, 0.5 * m.disgust);
    float shut = mix(1.0, 0.35 * m.neutral + 0.8 * m.sad + 0.5 * m.happy + 0.5 * m.disgust + 0.2 * m.angry, smoothstep(0.0, 0.6, u_presence));
    e.lids = vec4(shut, shut, 0.9 * m.surprise + 0.8 * m.fear, 0.6 * m.angry + 0.7 * m.disgust + 0.4 * m.happy);
    e.mouth = vec4(0.85 * m.surprise + 0.42 * m.fear + 0.35 * m.angry + 0.12 * m.happy, 0.80 * m.happy,
        0.9 * m.sad + 0.9 * m.disgust + 0.55 * m.angry + 0.5 * m.fear, 0.35 * m.surprise + 0.15 * m.fear);
    e.more = vec4(0.15 * m.fear + 0.25 * m.angry, 0.95 * m.disgust + 0.4 * m.angry, 0.0, 0.0);
    // Who weeps or bares their teeth may seem to smile.
    float grim = clamp(m.sad + m.angry + m.fear + m.disgust, 0.0, 1.0);
    // A face that is seen speaks for itself; the mood only leans on it.
    float own = 1.0 - 0.40 * u_seen[who].y;
    vec4 brow = u_expression[who * 4], lids = u_expression[who * 4 + 1], mouth = u_expression[who * 4 + 2], more = u_expression[who * 4 + 3];
    brow.z *= 1.0 - 0.8 * m.sad;
    e.brow = vec4(max(e.brow.xyz * own, brow.xyz), mix(e.brow.w, brow.w, u_seen[who].y));
    e.lids = max(e.lids * own, lids);
    mouth.xy *= vec2(1.0 - 0.7 * max(m.disgust, m.sad), 1.0 - 0.92 * grim);
    more.x *= 1.0 - 0.8 * grim;
    e.mouth = max(e.mouth * own, mouth);
    e.more = vec4(max(e.more.xy * own, more.xy), more.zw);
    return e;
}
