// figure_point: a place in a visitor's body, chosen by lot: head, trunk, arms or legs, dense at the bones and thin outside.
// Needs lib/frame. who: 0 to u_people - 1; lot: four numbers in [0, 1); outwards: the way out of the body there, a unit vector.
// Gives place in scene units and how well the joints there are seen [0, 1]; with 0 the place means nothing.
// Idea: bones as segments with a radius of the trunk's length, the trunk as sheaves from shoulder to hip; no skin, but dust
// that thins out, so that no edge shows where two bones meet. Legs dissolve towards the ground.
vec4 figure_joint(int who, int j) { return u_joints[who * JOINTS + j]; }
vec4 figure_point(int who, vec4 lot, out vec3 outwards) {
    vec4 left = figure_joint(who, LEFT_SHOULDER), right = figure_joint(who, RIGHT_SHOULDER);
    vec4 hip = figure_joint(who, LEFT_HIP), other = figure_joint(who, RIGHT_HIP), neck = figure_joint(who, NECK);
    float trunk = clamp(distance(0.5 * (left.xyz + right.xyz), 0.5 * (hip.xyz + other.xyz)), 0.15, 1.2);
    // Away from the bone: most near the radius, some far outside.
    float turn = 6.2831853 * lot.w, away = 0.30 + 0.62 * sqrt(lot.z) + 0.9 * pow(lot.z, 14.0), part = fract(lot.x * 16.0);
    vec4 a, b;
    float along = lot.y, thick;
    if (lot.x < 0.125) {
        vec4 head = figure_joint(who, HEAD);
        float y = 2.0 * lot.y - 1.0;
        outwards = vec3(cos(turn) * sqrt(1.0 - y * y), y, sin(turn) * sqrt(1.0 - y * y));
        return vec4(head.xyz + vec3(0.0, 0.03 * trunk, 0.0) + outwards * vec3(0.145, 0.21, 0.17) * trunk * away, head.w);
    }
    if (lot.x < 0.4375) {
        // From the line of the neck and shoulders, round like a bow, to the narrower hips.
        float across = 2.0 * part - 1.0;
        vec3 top = across < 0.0 ? mix(neck.xyz, left.xyz, -across) : mix(neck.xyz, right.xyz, across);
        top = mix(top, mix(left.xyz, right.xyz, part), 0.55);
        vec3 low = mix(hip.xyz, other.xyz, 0.5 + 0.42 * across);
        float keep = hip.w < 0.1 ? 0.0 : 1.0;
        low = mix(top - vec3(0.0, trunk, 0.0), low, keep);
        along = 1.10 * lot.y;
        vec3 p = mix(top, low, along), middle = mix(0.5 * (left.xyz + right.xyz), 0.5 * (hip.xyz + other.xyz), along);
        p = mix(p, middle, 0.20 * sin(3.14159 * along));
        outwards = normalize(vec3(cos(turn) + 1.2 * across * sign(right.x - left.x + 1e-4), 0.2 * sin(3.0 * turn), sin(turn)));
        return vec4(p + outwards * 0.105 * trunk * away * (1.0 - 0.35 * across * across), min(left.w, right.w));
    }
    bool arm = lot.x < 0.6875, lower = part >= 0.5;
    int side = int(part * 4.0) & 1;
    a = figure_joint(who, (arm ? (lower ? LEFT_ELBOW : LEFT_SHOULDER) : (lower ? LEFT_KNEE : LEFT_HIP)) + side);
    b = figure_joint(who, (arm ? (lower ? LEFT_WRIST : LEFT_ELBOW) : (lower ? LEFT_ANKLE : LEFT_KNEE)) + side);
    // A hand reaches beyond the last joint.
    if (lower) along *= 1.22;
    vec3 bone = b.xyz - a.xyz + vec3(0.0, -1e-4, 0.0), way = normalize(bone), sideways = normalize(cross(way, vec3(0.13, 0.21, 0.97)));
    outwards = cos(turn) * sideways + sin(turn) * cross(way, sideways);
    float down = (lower ? 1.0 : 0.0) + along;
    thick = arm ? mix(0.098, 0.030, min(0.5 * down, 1.0)) : mix(0.155, 0.045, min(0.5 * down, 1.0));
    if (!arm) away *= 1.0 + 0.5 * max(down - 0.9, 0.0) * lot.z;
    return vec4(a.xyz + bone * along + outwards * thick * trunk * away, min(a.w, b.w));
}
