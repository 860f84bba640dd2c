// mask_pose, mask_stand: how and where the mask of a visitor hangs. Needs lib/frame, mask/rig (mood), motion/throb.
// mask_pose: a rotation, its third column where the face looks to. mask_stand: x, y, z of its middle and its half height.
// Range: scene units. Idea: the visitor's head turns it; each mood has a posture of its own beside.
const vec3 MOST_TURN = vec3(0.48, 0.26, 0.24);
mat3 mask_pose(int who) {
    // It follows the head, and ever less where that turns far: a mask is made to be seen from before.
    vec3 turn = MOST_TURN * tanh(u_turn[who].xyz / MOST_TURN);
    float sway = u_feels[who].z, known = u_seen[who].y, lean = 0.0;
    vec4 neck = u_joints[who * JOINTS + NECK], head = u_joints[who * JOINTS + HEAD];
    // Without a face the whole body tilts it, as far as it is seen.
    if (neck.w * head.w > 0.0) lean = clamp((head.x - neck.x) * 2.0, -0.5, 0.5) * neck.w * head.w * (1.0 - known);
    float yaw = 0.9 * turn.x + 0.16 * sin(sway * 0.33 + u_self[who].x * 9.0) + 0.18 * mood[0].z - 0.22 * mood[0].y;
    float pitch = 0.9 * turn.y + 0.05 * sin(sway * 0.47) - 0.26 * mood[1].x + 0.14 * mood[0].w + 0.10 * mood[1].y - 0.20 * mood[0].x - 0.12 * face[4].w;
    float roll = 0.9 * turn.z + lean + 0.03 * sin(sway * 0.29) + 0.15 * mood[1].x + 0.13 * mood[0].y - 0.10 * mood[0].z + 0.10 * face[4].w;
    roll += u_tremble * 0.05 * sin(u_phase * 23.0);
    float a = cos(yaw), b = sin(yaw), c = cos(pitch), d = sin(pitch), e = cos(roll), f = sin(roll);
    mat3 about_y = mat3(a, 0.0, -b, 0.0, 1.0, 0.0, b, 0.0, a), about_x = mat3(1.0, 0.0, 0.0, 0.0, c, -d, 0.0, d, c);
    return mat3(e, -f, 0.0, f, e, 0.0, 0.0, 0.0, 1.0) * about_y * about_x;
}
vec4 mask_stand(int who) {
    vec4 place = u_place[who];
    float breath = sin(u_time * 0.55) * (1.0 - u_presence) + 0.5 * sin(u_feels[who].z * 0.5);
    // What grows round it wants its room.
    float grown = 0.26 * mood[0].x + 0.10 * mood[0].y + 0.14 * mood[0].z + 0.21 * mood[0].w + 0.14 * mood[1].x + 0.17 * mood[1].y + 0.02 * mood[1].z;
    float size = place.z * (1.0 - grown * smoothstep(0.0, 0.4, mood[1].w) + 0.12 * face[4].w) * (1.0 + 0.012 * breath);
    // Masks of several visitors make room for each other.
    float at_x[MOST_PEOPLE];
    for (int i = 0; i < u_people; i++) at_x[i] = u_place[i].x * 0.95;
    for (int round_ = 0; round_ < 4 && u_people > 1; round_++) {
        float pushed[MOST_PEOPLE];
        for (int i = 0; i < u_people; i++) {
            pushed[i] = at_x[i];
            for (int j = 0; j < u_people; j++) {
                float away = at_x[i] - at_x[j], need = 0.70 * (u_place[i].z + u_place[j].z) * u_place[j].w;
                if (i != j) pushed[i] += 0.45 * max(need - abs(away), 0.0) * clamp(away * 12.0 + 0.01 * float(i - j), -1.0, 1.0);
            }
        }
        for (int i = 0; i < u_people; i++) at_x[i] = pushed[i];
    }
    float edge = max(u_resolution.x / u_resolution.y, 1.0) - 0.64 * size;
    float x = clamp(at_x[who], -max(edge, 0.0), max(edge, 0.0));
    vec3 at = vec3(x, place.y * 0.6, 0.0) + vec3(0.0, 0.02 * breath + 0.04, 0.0);
    at += vec3(0.0, -0.19, 0.18) * mood[0].x + vec3(0.0, 0.03, 0.0) * mood[1].x + vec3(0.0, -0.03, -0.05) * mood[0].z;
    at.xy += u_tremble * 0.012 * sin(u_phase * vec2(19.0, 27.0));
    return vec4(at, size);
}
