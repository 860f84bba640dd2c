// figure: a visitor as a statue holds itself: the joints seen, what is not seen completed, moved by the mood, framed anew where
// only head and shoulders are seen. Needs lib/frame, body/body_moods, motion/beat. Gives places in scene units; side 0 is the joints'
// left, which is to the right on the screen. size: neck to pelvis; grown: 0 nobody is known and the figure sits asleep, 1 the
// visitor; near: 1 it is a bust; ground: the height it stands on. Range: places as far as joints reach.
// Idea: the visitor's gesture first; the mood leans on it (bows, lifts, hides) by shares of the size and never replaces it.
struct Figure {
    vec3 head, neck, chest, pelvis;
    vec3 shoulder[2], elbow[2], wrist[2], palm[2], hip[2], knee[2], ankle[2];
    mat3 body, face;  // columns: right on the screen, up, to the front
    float size, grown, near, ground;
};
vec4 seen_joint(int who, int j) { return u_joints[who * JOINTS + j]; }
mat3 turned(float yaw, float pitch, float roll) {
    float a = cos(yaw), b = sin(yaw), c = cos(pitch), d = sin(pitch), e = cos(roll), f = sin(roll);
    return mat3(a, 0.0, -b, 0.0, 1.0, 0.0, b, 0.0, a) * mat3(1.0, 0.0, 0.0, 0.0, c, -d, 0.0, d, c) * mat3(e, -f, 0.0, f, e, 0.0, 0.0, 0.0, 1.0);
}
// Asleep: it sits under its cloth, head on its breast.
Figure resting_figure(int who) {
    Figure f;
    float s = 0.62 * max(u_place[who].z, 0.5);
    vec3 o = vec3(u_place[who].xy + vec2(0.0, -0.08), 0.0);
    float breath = 0.012 * sin(u_time * 0.9);
    f.size = s;
    f.pelvis = o + s * vec3(0.02, -0.62, -0.20);
    f.chest = o + s * vec3(0.02, 0.10 + breath, -0.06);
    f.neck = o + s * vec3(0.04, 0.36 + breath, 0.06);
    f.head = o + s * vec3(0.11, 0.50 + 0.7 * breath, 0.24);
    for (int i = 0; i < 2; i++) {
        float x = i == 0 ? 1.0 : -1.0;
        f.shoulder[i] = o + s * vec3(0.25 * x + 0.02, 0.13 + breath - 0.04 * x, 0.02);
        f.elbow[i] = o + s * vec3(0.20 * x, -0.18, 0.02);
        f.wrist[i] = o + s * vec3(0.14 * x, -0.38, 0.22);
        f.palm[i] = o + s * vec3(0.04 * x, -0.48, 0.62);
        f.hip[i] = o + s * vec3(0.18 * x, -0.66, -0.10);
        f.knee[i] = o + s * vec3(0.26 * x + 0.03, -0.52 + 0.08 * x, 0.46);
        f.ankle[i] = o + s * vec3(0.22 * x, -1.28, 0.40);
    }
    f.ground = o.y - 1.30 * s;
    f.body = mat3(1.0);
    f.face = turned(0.30, -0.58, 0.22);
    f.grown = 0.0;
    f.near = 0.0;
    return f;
}
// As it is seen, and what is not: completed from what is above it.
Figure seen_figure(int who) {
    Figure f;
    vec4 head = seen_joint(who, HEAD), neck = seen_joint(who, NECK), chest = seen_joint(who, CHEST), pelvis = seen_joint(who, PELVIS);
    vec4 l = seen_joint(who, LEFT_SHOULDER), r = seen_joint(who, RIGHT_SHOULDER);
    float wide = distance(l.xy, r.xy), trunk = distance(neck.xy, pelvis.xy) * smoothstep(0.2, 0.7, pelvis.w);
    float s = clamp(max(max(trunk, 1.25 * wide), 1.1 * distance(head.xy, neck.xy)), 0.12, 1.6);
    float near = 1.0 - smoothstep(1.0, 2.0, u_seen[who].x);
    s = mix(s, max(u_seen[who].z, 0.03) / 0.225, near * u_seen[who].w);
    vec3 flat_z = vec3(1.0, 1.0, 0.5);
    float z0 = neck.z;
    // Shoulders seen from the side are told apart badly: it turns to the viewer rather than away.
    vec3 x = vec3(l.xy - r.xy, 0.5 * (l.z - r.z));
    x = normalize(x + vec3(0.22 * s * clamp(x.x / (0.12 * s) + 0.5, -1.0, 1.0) + 1e-3, 0.0, 0.0));
    vec3 low = neck.xyz - vec3(0.0, s, 0.0);
    low = mix(low, vec3(pelvis.xy, mix(z0, pelvis.z, 0.5)), smoothstep(0.2, 0.7, pelvis.w));
    vec3 up = normalize(neck.xyz - low + vec3(0.0, 1e-3, 0.0));
    vec3 front = normalize(cross(x, up));
    f.body = mat3(x, cross(front, x), front);
    f.size = s;
    vec3 o = vec3(0.0, 0.0, z0);
    f.head = (head.xyz - o) * flat_z;
    f.neck = vec3(neck.xy, 0.0);
    f.pelvis = (low - o) * flat_z;
    // A statue keeps its balance: what is seen askew leans no further than stone can.
    f.pelvis.x = f.neck.x + clamp(f.pelvis.x - f.neck.x, -0.36 * s, 0.36 * s);
    f.head.x = f.neck.x + clamp(f.head.x - f.neck.x, -0.17 * s, 0.17 * s);
    f.head = vec3(f.head.x, max(f.head.y, f.neck.y + 0.24 * s), clamp(f.head.z, -0.10 * s, 0.20 * s));
    f.chest = mix(f.neck, f.pelvis, 0.30);
    float lowest = f.pelvis.y - 1.62 * s, feet = 0.0;
    for (int i = 0; i < 2; i++) {
        float side = i == 0 ? 1.0 : -1.0;
        vec4 at = i == 0 ? l : r, elbow = seen_joint(who, LEFT_ELBOW + i), wrist = seen_joint(who, LEFT_WRIST + i);
        vec4 hip = seen_joint(who, LEFT_HIP + i), knee = seen_joint(who, LEFT_KNEE + i), ankle = seen_joint(who, LEFT_ANKLE + i);
        // Depth is guessed, the more so near the camera: it stays within an arm's length.
        at.z = z0 + clamp(at.z - z0, -0.6 * s, 0.6 * s) * (1.0 - 0.8 * near);
        elbow.z = z0 + clamp(elbow.z - z0, -1.2 * s, 1.2 * s);
        wrist.z = z0 + clamp(wrist.z - z0, -1.2 * s, 1.8 * s);
        // A person is broader than the line between the joints.
        f.shoulder[i] = (at.xyz - o) * flat_z + side * x * max(0.33 * s - 0.5 * wide, 0.02 * s);
        f.shoulder[i].y = mix(f.shoulder[i].y, min(f.shoulder[i].y, f.neck.y - 0.25 * s), near);
        f.shoulder[i].x = mix(f.shoulder[i].x, f.neck.x + clamp(f.shoulder[i].x - f.neck.x, -0.37 * s, 0.37 * s), near);
        vec3 hang = f.shoulder[i] + s * (0.07 * side * x - 0.60 * up - 0.03 * front);
        f.elbow[i] = mix(hang, (elbow.xyz - o) * flat_z + side * x * 0.06 * s, smoothstep(0.2, 0.7, elbow.w));
        hang = f.elbow[i] + s * (-0.05 * side * x - 0.50 * up + 0.14 * front);
        f.wrist[i] = mix(hang, (wrist.xyz - o) * flat_z + side * x * 0.05 * s, smoothstep(0.2, 0.7, min(wrist.w, elbow.w)));
        f.hip[i] = f.pelvis + s * 0.17 * side * x;
        hang = f.hip[i] + s * (vec3(0.02 * side, -0.78, 0.06));
        f.knee[i] = mix(hang, (knee.xyz - o) * flat_z, 0.8 * smoothstep(0.2, 0.7, min(knee.w, pelvis.w)));
        hang = f.hip[i] + s * vec3(0.02 * side, -1.60, 0.0);
        float known = smoothstep(0.2, 0.7, min(ankle.w, knee.w));
        f.ankle[i] = mix(hang, (ankle.xyz - o) * flat_z, 0.8 * known);
        f.ankle[i].x = f.pelvis.x + clamp(f.ankle[i].x - f.pelvis.x, -0.34 * s, 0.34 * s);
        feet += 0.5 * mix(lowest, f.ankle[i].y - 0.08 * s, known);
    }
    f.ground = min(feet, f.pelvis.y - 0.5 * s);
    // The face looks where the visitor's looks, as far as that is known.
    float known = u_seen[who].y;
    vec3 turn = 0.85 * known * u_turn[who].xyz;
    // A head thrown far back shows no face.
    turn.y = min(turn.y, 0.08);
    mat3 level = f.body;
    for (int c = 0; c < 3; c++) level[c] = normalize(mix(level[c], mat3(1.0)[c], known));
    f.face = level * turned(turn.x, turn.y, turn.z);
    f.near = 0.0;
    f.grown = smoothstep(0.05, 0.85, max(0.5 * (chest.w + neck.w), head.w)) * smoothstep(0.0, 0.35, u_place[who].w);
    return f;
}
// The mood leans on the gesture.
void move_figure(inout Figure f, int who, BodyMoods m) {
    float s = f.size, lean = u_self[who].x < 0.5 ? -1.0 : 1.0, near = 1.0 - smoothstep(1.0, 2.0, u_seen[who].x);
    vec3 x = f.body[0], up = f.body[1], front = f.body[2], sky = vec3(0.0, 1.0, 0.0);
    float breath = u_pulse * beat(u_self[who].x * 6.0);
    f.chest += s * (0.05 * breath + 0.07 * m.happy + 0.05 * m.angry) * front;
    float down = -0.20 * m.sad - 0.78 * m.fear + 0.07 * m.happy + 0.03 * m.surprise + 0.02 * breath;
    f.pelvis.y += s * (-0.03 * m.sad - 0.66 * m.fear + 0.06 * m.happy);
    f.pelvis += s * (0.11 * m.neutral - 0.09 * m.disgust) * lean * x;
    f.chest += s * ((-0.07 * m.sad - 0.72 * m.fear + 0.07 * m.happy) * sky + 0.15 * m.disgust * lean * x + 0.06 * (m.sad + m.fear) * front);
    f.neck += s * (down * sky + (0.10 * m.sad + 0.16 * m.fear + 0.06 * m.angry - 0.04 * m.surprise) * front + 0.20 * m.disgust * lean * x);
    f.head += s * ((down - 0.10 * m.sad - 0.10 * m.angry - 0.16 * m.fear + 0.05 * m.happy + 0.04 * m.surprise - 0.02 * m.disgust) * sky
        + (0.20 * m.sad + 0.20 * m.angry + 0.30 * m.fear - 0.03 * m.happy - 0.08 * m.surprise - 0.10 * m.disgust) * front
        + (0.30 * m.disgust + 0.05 * m.sad - 0.02 * m.neutral) * lean * x);
    // Fear folds it up where it stands, knees before the breast, whatever way the body leant.
    vec3 low = f.pelvis, right = vec3(1.0, 0.0, 0.0);
    low.x = mix(low.x, f.head.x, 0.5);
    low.y -= 0.10 * s * m.fear;
    f.pelvis = mix(f.pelvis, low, m.fear);
    f.chest = mix(f.chest, low + s * vec3(0.0, 0.24, 0.08), 0.9 * m.fear);
    f.neck = mix(f.neck, low + s * vec3(0.03 * lean, 0.52, 0.28), 0.9 * m.fear);
    f.head = mix(f.head, low + s * vec3(0.10 * lean, 0.72, 0.54), 0.9 * m.fear);
    x = normalize(mix(x, right, 0.8 * m.fear));
    front = normalize(mix(front, vec3(0.0, 0.0, 1.0), 0.8 * m.fear));
    f.body = mat3(x, normalize(mix(up, sky, 0.8 * m.fear)), front);
    float free = 1.0 - 0.45 * u_seen[who].y;
    f.face = f.face * turned(free * lean * (0.95 * m.disgust + 0.18 * m.sad + 0.10 * m.neutral),
        free * (mix(-0.80, -0.42, smoothstep(2.2, 1.0, u_seen[who].x)) * m.sad - 0.30 * m.angry - 0.62 * m.fear
        + 0.03 * m.happy + 0.02 * m.surprise + 0.18 * m.disgust - 0.08 * m.neutral), free * lean * (0.16 * m.sad + 0.26 * m.disgust + 0.11 * m.neutral));
    for (int i = 0; i < 2; i++) {
        float side = i == 0 ? 1.0 : -1.0;
        vec3 out_by = side * x;
        f.shoulder[i] += s * ((down + 0.02 * m.sad + 0.09 * m.angry + 0.12 * m.fear + 0.08 * side * lean * m.disgust - 0.055 * side * lean * m.neutral) * sky
            + (0.06 * m.angry - 0.03 * m.sad - 0.12 * m.fear + 0.02 * m.happy) * out_by + (0.07 * m.sad + 0.12 * m.fear - 0.03 * m.happy) * front
            + 0.17 * m.disgust * lean * x);
        f.shoulder[i] = mix(f.shoulder[i], f.neck + s * vec3(0.22 * side, -0.24, -0.04), m.fear);
        float hand_up = smoothstep(-0.2, 0.4, (f.wrist[i].y - f.shoulder[i].y) / s);
        // Hanging, thrown out, opened, startled; hidden behind.
        f.elbow[i].y += s * (-0.07 * m.sad + 0.02 * m.happy);
        f.elbow[i] = mix(f.elbow[i], f.shoulder[i] + s * (0.13 * out_by - 0.52 * sky + 0.04 * front), 0.8 * m.sad);
        f.elbow[i] = mix(f.elbow[i], f.shoulder[i] + s * (0.48 * out_by + 0.10 * sky + 0.05 * front), 0.62 * m.happy * (1.0 - 0.6 * hand_up));
        f.wrist[i] = mix(f.wrist[i], f.shoulder[i] + s * (0.82 * out_by + 0.46 * sky + 0.10 * front), 0.72 * m.happy * (1.0 - 0.6 * hand_up));
        f.elbow[i] = mix(f.elbow[i], f.shoulder[i] + s * (0.30 * out_by - 0.40 * sky + 0.08 * front), 0.6 * m.surprise * (1.0 - hand_up));
        f.wrist[i] = mix(f.wrist[i], f.shoulder[i] + s * (0.56 * out_by - 0.02 * sky + 0.26 * front), 0.7 * m.surprise * (1.0 - hand_up));
        // One arm thrust up, the other down: a diagonal through the whole figure.
        float thrust = side * lean > 0.0 ? 1.0 : 0.0, angry = m.angry * (1.0 - hand_up);
        f.elbow[i] = mix(f.elbow[i], f.shoulder[i] + s * ((0.36 + 0.02 * thrust) * out_by + (-0.30 + 0.46 * thrust) * sky - 0.04 * front), 0.75 * angry);
        f.wrist[i] = mix(f.wrist[i], f.shoulder[i] + s * ((0.58 + 0.14 * thrust) * out_by + (-0.62 + 1.22 * thrust) * sky + 0.10 * front), 0.75 * angry);
        // Both arms over the head, whatever way the body is turned; near, they are drawn in under the cloth.
        vec3 to_side = side * normalize(mix(x, vec3(1.0, 0.0, 0.0), 0.75));
        vec3 hidden = f.head + s * (0.17 * to_side + (0.17 + 0.03 * side * lean) * sky + vec3(0.0, 0.0, 0.10));
        vec3 drawn_in = f.shoulder[i] - s * 0.40 * sky;
        f.elbow[i] = mix(f.elbow[i], mix(f.head + s * (0.40 * to_side - 0.10 * sky + vec3(0.0, 0.0, 0.16)), drawn_in, near), 0.95 * m.fear);
        f.wrist[i] = mix(f.wrist[i], mix(hidden, drawn_in + s * vec3(-0.12 * side, 0.16, 0.10), near), m.fear);
        // One hand keeps off what disgusts.
        float off = side * lean < 0.0 ? m.disgust * (1.0 - hand_up) : 0.0;
        f.elbow[i] = mix(f.elbow[i], f.shoulder[i] + s * (0.26 * out_by - 0.42 * sky + 0.14 * front), 0.8 * off);
        f.wrist[i] = mix(f.wrist[i], f.shoulder[i] + s * (0.50 * out_by - 0.06 * sky + 0.34 * front), 0.8 * off);
        // A weeping one holds the other's hand before its lap.
        f.wrist[i] = mix(f.wrist[i], f.pelvis + s * (0.06 * out_by + 0.10 * sky + 0.26 * front), 0.85 * m.sad * (1.0 - 0.35 * hand_up));
        f.knee[i] += s * ((0.50 * m.fear + 0.22 * m.neutral * float(side * lean < 0.0)) * front
            + (0.06 * m.neutral * float(side * lean < 0.0)) * out_by - 0.22 * m.fear * sky);
        vec3 shake = sin(u_phase * vec3(17.0, 23.0, 19.0) + side * vec3(2.1, 3.7, 1.3));
        f.wrist[i] += 0.02 * s * u_tremble * shake;
        f.elbow[i] += 0.01 * s * u_tremble * shake.yzx;
    }
    // A bust's head is bowed and not sunk into its cloth.
    float bust = smoothstep(2.0, 1.0, u_seen[who].x) * (1.0 - m.fear);
    f.head.y = mix(f.head.y, max(f.head.y, f.neck.y + 0.245 * s), bust);
    f.head += 0.008 * s * u_tremble * sin(u_phase * vec3(19.0, 13.0, 21.0));
}
// Where little is seen the figure is shown larger, about its head: a bust fills the picture, however small the visitor is.
void frame_figure(inout Figure f, int who, float grown, float tall) {
    float seen = mix(3.0, u_seen[who].x, grown), s = f.size;
    float crowd = 1.0 / (1.0 + 0.35 * float(max(u_people, 1) - 1));
    float bust = 1.0 - smoothstep(1.05, 1.95, seen), whole = smoothstep(2.05, 2.95, seen);
    float room = mix(1.47, 1.66, grown) * crowd / max(tall, 0.1), fit = min(pow(room, 0.7), 1.05 * room);
    float k = mix(mix(0.74 * crowd / s, fit, whole), 1.55 * crowd / s, bust);
    vec2 to = mix(vec2(f.head.x, 0.43), vec2(f.head.x, mix(-0.70, -0.84, grown) + fit * (f.head.y - f.ground)), whole);
    to = mix(to, vec2(f.head.x * 0.75, 0.17), bust);
    // Alone it stands nearer the middle, where it is not seen whole.
    to.x *= u_people < 2 ? mix(0.6, 1.0, whole) : 1.0;
    vec3 from = vec3(f.head.xy, 0.0), at = vec3(to, -0.10 * bust);
    f.head = at + (f.head - from) * k;
    f.neck = at + (f.neck - from) * k;
    f.chest = at + (f.chest - from) * k;
    f.pelvis = at + (f.pelvis - from) * k;
    for (int i = 0; i < 2; i++) {
        f.shoulder[i] = at + (f.shoulder[i] - from) * k;
        f.elbow[i] = at + (f.elbow[i] - from) * k;
        f.wrist[i] = at + (f.wrist[i] - from) * k;
        f.palm[i] = at + (f.palm[i] - from) * k;
        f.hip[i] = at + (f.hip[i] - from) * k;
        f.knee[i] = at + (f.knee[i] - from) * k;
        f.ankle[i] = at + (f.ankle[i] - from) * k;
    }
    f.ground = at.y + (f.ground - from.y) * k;
    f.size = s * k;
    f.near = bust * grown;
}
Figure figure(int who) {
    BodyMoods m = body_moods(who);
    Figure f = seen_figure(who), rest = resting_figure(who);
    float tall = mix(rest.head.y + 0.24 * rest.size - rest.ground, f.head.y + 0.24 * f.size - f.ground, f.grown);
    tall += f.size * (0.42 * m.surprise + 0.28 * m.happy + 0.12 * m.angry) * f.grown;
    move_figure(f, who, m);
    for (int i = 0; i < 2; i++) f.hip[i] = f.pelvis + f.size * 0.17 * (i == 0 ? 1.0 : -1.0) * f.body[0];
    float g = f.grown;
    f.head = mix(rest.head, f.head, g);
    f.neck = mix(rest.neck, f.neck, g);
    f.chest = mix(rest.chest, f.chest, g);
    f.pelvis = mix(rest.pelvis, f.pelvis, g);
    f.size = mix(rest.size, f.size, g);
    f.ground = mix(rest.ground, f.ground, g);
    for (int i = 0; i < 2; i++) {
        f.shoulder[i] = mix(rest.shoulder[i], f.shoulder[i], g);
        f.elbow[i] = mix(rest.elbow[i], f.elbow[i], g);
        f.wrist[i] = mix(rest.wrist[i], f.wrist[i], g);
        f.hip[i] = mix(rest.hip[i], f.hip[i], g);
        f.knee[i] = mix(rest.knee[i], f.knee[i], g);
        f.ankle[i] = mix(rest.ankle[i], f.ankle[i], g);
        f.palm[i] = f.wrist[i] + 0.15 * f.size * normalize(f.wrist[i] - f.elbow[i] + vec3(0.0, -1e-4, 0.0));
        f.palm[i] = mix(f.palm[i], f.wrist[i] + 0.16 * f.size * normalize(vec3(i == 0 ? -0.9 : 0.9, 0.30, 0.25)), m.fear * g);
    }
    for (int c = 0; c < 3; c++) {
        f.body[c] = normalize(mix(rest.body[c], f.body[c], g));
        f.face[c] = normalize(mix(rest.face[c], f.face[c], g));
    }
    frame_figure(f, who, g, tall);
    return f;
}
