// dust_head, dust_middle, dust_way: where a visitor's head and the middle of the shoulders are in the figure of dust, and how the head is turned. Needs lib/frame,
// form/moods, body/reframed.
// dust_head gives the head's middle in scene units; dust_middle x and y between the shoulders, never far beside the head; dust_way a matrix from the face to the room.
// mood: of moods.
// Range: scene units.
// Idea: grief bows it, rage thrusts it forward, fear draws it down between the shoulders, joy and surprise lift it.
vec3 dust_head(Reframed r, float mood[7]) {
    vec2 by = vec2(0.10, -0.26) * mood[SAD] + vec2(0.0, -0.72) * mood[FEAR] + vec2(0.0, -0.14) * mood[ANGRY] + vec2(-0.10, 0.02) * mood[DISGUST] + vec2(0.0, 0.06)
        * (mood[HAPPY] + mood[SURPRISE]);
    return vec3(r.head + by * r.half_head, 0.0);
}
vec2 dust_middle(Reframed r, vec3 head, vec4 left, vec4 right) {
    float most = mix(1.7, 0.7, r.bust) * r.half_head;
    return vec2(head.x + clamp(0.5 * (left.x + right.x) - head.x, -most, most), 0.5 * (left.y + right.y));
}
mat3 dust_way(int who, float mood[7]) {
    vec3 t = u_turn[who].xyz * vec3(0.85, 0.7, 1.0) * u_seen[who].y;
    t.z = mix(t.z, u_head[who].z, step(0.01, u_seen[who].w));
    t += vec3(-0.30 * mood[DISGUST], 0.20 * mood[HAPPY] - 0.28 * mood[SAD] - 0.20 * mood[ANGRY] + 0.10 * mood[SURPRISE], 0.16 * mood[SAD] - 0.14 * mood[DISGUST]
        + 0.10 * mood[FEAR]);
    vec3 c = cos(t), s = sin(t);
    return mat3(c.z, -s.z, 0.0, s.z, c.z, 0.0, 0.0, 0.0, 1.0) * mat3(1.0, 0.0, 0.0, 0.0, c.y, -s.y, 0.0, s.y, c.y) * mat3(c.x, 0.0, -s.x, 0.0, 1.0, 0.0, s.x, 0.0, c.x);
}
