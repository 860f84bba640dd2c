// figure_point: a place on a visitor's body, chosen by lot: head, trunk, arms or legs, in a thin layer round the bones.
// Needs lib/frame. who: 0 to u_people - 1; lot: four numbers in [0, 1); outwards: the way out of the body there, a unit vector.
// Gives place in scene units and how well the joints there are seen [0, 1]; with 0 the place means nothing.
// Idea: bones as segments with a radius of the trunk's length; the trunk as a sheet between four joints; more points near
// the skin than inside, so that the rim is brighter than the middle, as of a body of light.
vec4 figure_joint(int who, int j) { return u_joints[who * JOINTS + j]; }
vec4 figure_point(int who, vec4 lot, out vec3 outwards) {
    vec4 left = figure_joint(who, LEFT_SHOULDER), right = figure_joint(who, RIGHT_SHOULDER);
    vec4 hip = figure_joint(who, LEFT_HIP), other = figure_joint(who, RIGHT_HIP);
    float trunk = clamp(distance(0.5 * (left.xyz + right.xyz), 0.5 * (hip.xyz + other.xyz)), 0.15, 1.2);
    float turn = 6.2831853 * lot.w, skin = 1.0 - 0.35 * lot.z * lot.z;
    if (lot.x < 0.13) {
        vec4 head = figure_joint(who, HEAD);
        float y = 2.0 * lot.y - 1.0;
        outwards = vec3(vec2(cos(turn), sin(turn)) * sqrt(1.0 - y * y), y).xzy;
        return vec4(head.xyz + outwards * vec3(0.19, 0.25, 0.21) * trunk * skin, head.w);
    }
    if (lot.x < 0.43) {
        float down = lot.y, across = 0.5 + 0.5 * cos(turn), waist = 1.0 - 0.22 * sin(3.14159 * down);
        vec3 a = mix(left.xyz, right.xyz, across), b = mix(hip.xyz, other.xyz, across);
        vec3 middle = mix(0.5 * (left.xyz + right.xyz), 0.5 * (hip.xyz + other.xyz), down);
        vec3 p = middle + (mix(a, b, down) - middle) * waist * (1.05 + 0.5 * down);
        outwards = normalize(vec3(cos(turn) * -sign(left.x - right.x + 1e-4), 0.15, sin(turn)));
        return vec4(p + outwards * 0.10 * trunk * vec3(1.0, 0.4, 1.4) * skin,
                    min(min(left.w, right.w), max(min(hip.w, other.w), 0.6 * left.w)));
    }
    // Arms and legs: two bones each.
    bool arm = lot.x < 0.70;
    float which = arm ? (lot.x - 0.43) / 0.27 * 4.0 : (lot.x - 0.70) / 0.30 * 4.0;
    int side = int(which) & 1, lower = int(which) >> 1;
    int from = (arm ? (lower == 0 ? LEFT_SHOULDER : LEFT_ELBOW) : (lower == 0 ? LEFT_HIP : LEFT_KNEE)) + side;
    int to = (arm ? (lower == 0 ? LEFT_ELBOW : LEFT_WRIST) : (lower == 0 ? LEFT_KNEE : LEFT_ANKLE)) + side;
    vec4 a = figure_joint(who, from), b = figure_joint(who, to);
    // A hand and a foot reach a little beyond the last joint.
    float along = lot.y * (lower == 1 ? 1.22 : 1.0);
    vec3 bone = b.xyz - a.xyz + vec3(0.0, -1e-4, 0.0), way = normalize(bone);
    vec3 sideways = normalize(cross(way, vec3(0.13, 0.21, 0.97)));
    outwards = cos(turn) * sideways + sin(turn) * cross(way, sideways);
    float thick = arm ? mix(0.105, 0.05, 0.5 * (float(lower) + lot.y)) : mix(0.16, 0.065, 0.5 * (float(lower) + lot.y));
    return vec4(mix(a.xyz, a.xyz + bone, along) + outwards * thick * trunk * skin, min(a.w, b.w));
}
