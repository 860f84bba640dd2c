// limbs, joint_of: a visitor as five bent limbs round a heart, for sdf/swept. Needs lib/frame, noise/hash, motion/beat, and the
// scene's parameters u_flesh (how thick limbs are) and u_reach (how far hands are drawn out). points: head (behind the
// heart, neck, crown), left arm, right arm, left leg, right leg, three each: place and radius in scene units; core: the
// heart's place and radius. size: the trunk's length; grown: 0 no joints are known and the form rests as a knot, 1 the
// body. Range: places
// as far as joints reach, radii 0.004 to about 0.4 of size. Idea: a limb is one sweep and not two bones, its tip drawn out beyond the hand, so that the body reads as a
// gesture. At rest the same five limbs are the five spans of a closed curve that goes round its heart twice (a
// quadratic spline through a pentagram), so that the knot can unfold into whoever comes.
uniform float u_flesh, u_reach;
const int LIMB_POINTS = 15;
vec4 joint_of(int who, int j) { return u_joints[who * JOINTS + j]; }
// One limb of the body from where it begins, over its middle joint, to its end; what is not seen stays in the joint before.
void limb_of(int who, vec3 root, int bend, int end, float beyond, out vec3 b, out vec3 c) {
    vec4 at = joint_of(who, bend), tip = joint_of(who, end);
    vec3 elbow = mix(root, at.xyz, at.w), hand = mix(elbow, tip.xyz, min(at.w, tip.w));
    hand += (hand - elbow) * beyond;
    // Handle beyond the joint: the curve goes nearly through it.
    b = elbow + 0.36 * (2.0 * elbow - root - hand);
    c = hand;
}
void limbs(int who, out vec4 points[LIMB_POINTS], out vec4 core, out float size, out float grown) {
    float seed = u_self[who].x, scale = u_place[who].z, here = u_place[who].w;
    vec3 middle = vec3(u_place[who].xy, 0.0);
    vec4 chest = joint_of(who, CHEST), pelvis = joint_of(who, PELVIS), neck = joint_of(who, NECK), top = joint_of(who, HEAD);
    grown = smoothstep(0.05, 0.85, max(0.5 * (chest.w + neck.w), top.w)) * smoothstep(0.0, 0.35, here);
    float wide = distance(joint_of(who, LEFT_SHOULDER).xy, joint_of(who, RIGHT_SHOULDER).xy);
    float trunk = clamp(max(distance(neck.xyz, pelvis.xyz), 1.15 * wide), 0.14, 1.1);
    size = mix(0.55 * scale, trunk, grown);
    float breath = 1.0 + 0.16 * u_pulse * beat(seed * 6.0) + 0.22 * u_welcome;

    vec3 body[LIMB_POINTS];
    vec3 hips = mix(chest.xyz - vec3(0.0, 0.75 * size, 0.0), pelvis.xyz, pelvis.w);
    vec3 across = joint_of(who, LEFT_SHOULDER).xyz - joint_of(who, RIGHT_SHOULDER).xyz;
    vec3 heart = mix(chest.xyz, hips, 0.30);
    vec3 up = chest.xyz - hips;
    // Neck and head are one sweep that begins behind the heart and curls over.
    body[0] = heart - 0.15 * up - vec3(0.0, 0.0, 0.12 * size);
    body[1] = mix(neck.xyz, top.xyz, 0.25) - vec3(0.12 * size * (0.4 + u_twist), 0.0, 0.10 * size);
    body[2] = top.xyz + (0.34 + 0.5 * u_welcome) * (top.xyz - neck.xyz) + vec3(0.10 * size, 0.0, 0.10 * size);
    // It wilts where all hangs, and reaches up where all rises.
    float hang = max(u_droop, 0.0), lean = seed < 0.5 ? -1.0 : 1.0;
    body[1] += vec3(-0.10 * lean, 0.22, 0.0) * hang * size;
    body[2] += vec3(0.36 * lean * hang, -0.80 * hang + 0.30 * max(-u_droop, 0.0), 0.22 * hang) * size;
    // Two strands: from a hand past the heart to the hip, and from the breast across to the foot of the other side. Feet draw
    // together, so that the figure stands on a point.
    float beyond = u_reach * 0.60 + 0.5 * u_spread + 0.3 * u_spikiness + 0.5 * u_welcome;
    for (int side = 0; side < 2; side++) {
        float sign_of = side == 0 ? 1.0 : -1.0;
        vec3 shoulder = joint_of(who, LEFT_SHOULDER + side).xyz, b, c;
        limb_of(who, shoulder, LEFT_ELBOW + side, LEFT_WRIST + side, beyond, b, c);
        body[3 + 3 * side] = hips + 0.14 * sign_of * across - 0.12 * up;
        body[4 + 3 * side] = mix(b, shoulder, 0.62) + 0.16 * up + 0.10 * sign_of * across;
        body[5 + 3 * side] = c;
        vec3 hip = mix(hips + 0.3 * sign_of * across, joint_of(who, LEFT_HIP + side).xyz, pelvis.w);
        limb_of(who, hip, LEFT_KNEE + side, LEFT_ANKLE + side, 0.35, b, c);
        vec4 other = joint_of(who, RIGHT_ANKLE - side);
        body[9 + 3 * side] = heart + 0.10 * up - 0.30 * sign_of * across + vec3(0.0, 0.0, 0.08 * sign_of * size);
        body[10 + 3 * side] = mix(b, hip, 0.5) + 0.55 * sign_of * across;
        body[11 + 3 * side] = mix(c, mix(c, other.xyz, 0.5 * other.w), 0.6);
    }
    // Round or drawn out to a point at the tips; heavy at the tips when it hangs.
    float tip = mix(mix(0.030, 0.055, u_spread), 0.004, u_spikiness) + 0.06 * max(u_droop, 0.0);
    float fat = (0.75 + 0.30 * u_spread) * u_flesh;
    float trunk_r[3] = float[3](0.04 * fat, 0.27 * fat, tip * 0.6), arm_r[3] = float[3](0.04 * fat, 0.27 * fat, tip), leg_r[3] = float[3](0.03 * fat, 0.34 * fat, tip * 0.5);

    float ring = mix(0.86, 1.02, u_spread) * scale, tube = mix(0.17, 0.135, u_spread) * scale;
    vec3 corner[5];
    for (int k = 0; k < 5; k++) {
        float turn = float(k) * 2.51327 + 0.11 * u_phase, order = 1.0 + 0.5 * (1.0 - u_symmetry) * sin(float(k) * 2.3 + seed * 9.0 + 0.4 * u_phase);
        vec3 at = vec3(cos(turn), sin(turn), 0.85 * cos(float(k) * 1.2566 + 0.23 * u_phase)) * ring * order;
        at.y = at.y * (1.0 + 0.3 * u_droop) - 0.25 * u_droop * ring * at.x * at.x / (ring * ring);
        float lean = 0.45 * sin(0.17 * u_phase + seed * 5.0) + u_twist * at.y / scale;
        corner[k] = middle + vec3(at.x * cos(lean) + at.z * sin(lean), at.y, at.z * cos(lean) - at.x * sin(lean));
    }
    int turned = int(floor(seed * 4.0));
    for (int n = 0; n < LIMB_POINTS; n++) {
        int limb = n / 3, part = n - limb * 3;
        vec3 a = corner[(limb + 4) % 5], b = corner[limb], c = corner[(limb + 1) % 5];
        vec3 rest = part == 0 ? 0.5 * (a + b) : (part == 1 ? b : 0.5 * (b + c));
        vec3 grow = body[n];
        float far = float(part) * 0.5 * float(limb > 0), side = float(limb & 1) * 2.0 - 1.0;
        // Opened and closed about the chest, hung or raised, wound about the upright.
        grow += (grow - chest.xyz) * far * 0.30 * (u_spread - 0.45);
        grow.y -= u_droop * far * far * 0.30 * size * (limb < 3 ? 1.0 : 0.2);
        float wind = u_twist * 0.55 * (grow.y - hips.y) / size * (part == 1 ? 1.0 : 0.45);
        vec2 from = grow.xz - hips.xz;
        grow.xz = hips.xz + vec2(from.x * cos(wind) + from.y * sin(wind), from.y * cos(wind) - from.x * sin(wind));
        grow += 0.05 * size * far * sin(u_phase * vec3(0.7, 0.9, 0.8) + float(n) * 1.9 + seed * 7.0) * (1.0 - u_symmetry);
        vec3 shake = sin(u_phase * vec3(17.0, 23.0, 19.0) + float(n) * vec3(2.1, 3.7, 1.3));
        grow += 0.06 * u_tremble * size * (0.3 + far) * shake;
        rest += 0.04 * u_tremble * scale * shake;
        float radius = (limb == 0 ? trunk_r[part] : (limb < 3 ? arm_r[part] : leg_r[part])) * size;
        float lot = hash11(float(limb + 7 * turned) + 3.0) - 0.5;
        radius *= (1.0 + 0.9 * (1.0 - u_symmetry) * lot) * breath;
        float knot_radius = tube * (1.0 + 0.5 * lot + 0.12 * sin(float(limb) * 2.0 + 0.5 * u_phase)) * breath;
        points[n] = vec4(mix(rest, grow, grown), mix(knot_radius, radius, grown));
    }
    vec3 inside = heart + vec3(0.0, -0.10 * max(u_droop, 0.0), 0.13) * size;
    core = vec4(mix(middle, inside, grown), mix(mix(0.20, 0.13, u_spread) * scale, 0.15 * size, grown) * breath);
}
