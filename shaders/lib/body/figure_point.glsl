// figure_point: a place on the side of a visitor's body that is seen, chosen by lot, and how light falls on it: head and face,
// neck, trunk, arms, hands, legs. Needs lib/frame, form/moods, body/reframed, body/posed_arm,
// body/face_worn, body/face_relief; KEY of light/shade.
// who: 0 to u_people - 1; lot: four numbers in [0, 1), spread evenly. Gives place in scene units and how well the joints there are
// seen [0, 1]; with 0 the place means nothing. normal: a unit vector out of the body; tone: light of the key [0, 1.2], of the
// counter light on the rim [0, 1], how much there is of it (edges where the body dissolves) [0, 1].
// Idea: a sculpture's skin as a cloud of points: two numbers of the lot are a place on a surface made of few strokes, and light and
// features are the surface's, so a few thousand grains read as a person. What faces away has no grains.
const vec3 COUNTER = vec3(0.80, 0.22, -0.56);

vec3 figure_tone(vec3 n, float dark, float own) {
    float key = max((dot(n, KEY) + 0.22) / 1.22, 0.0), edge = 1.0 - max(n.z, 0.0);
    float light = (0.05 + 0.10 * max(n.z, 0.0) + 0.95 * key * sqrt(key)) * (1.0 - 0.93 * dark) + own;
    float rim = edge * edge * edge * max(dot(n, COUNTER) + 0.12, 0.0) * 1.3;
    return vec3(light, rim, smoothstep(-0.12, 0.08, n.z));
}

vec4 figure_head(int who, Reframed r, float mood[7], vec4 lot, out vec3 normal, out vec3 tone) {
    Face face = face_worn(who, mood);
    float sad = mood[SAD], angry = mood[ANGRY], happy = mood[HAPPY], fear = mood[FEAR], H = r.half_head;
    // Most grains on the face, some on the contour so that it closes.
    float out_by = lot.x < 0.86 ? pow(lot.x / 0.86, 0.58) : 0.90 + 0.11 * fract(lot.x * 211.0), turn = 6.2831853 * lot.y;
    vec2 q = out_by * vec2(cos(turn), sin(turn));
    q.x *= 0.77 * (1.0 - 0.26 * smoothstep(0.05, -1.0, q.y));
    vec3 relief = face_relief(q, face);
    vec2 slope = vec2(face_relief(q + vec2(0.035, 0.0), face).x, face_relief(q + vec2(0.0, 0.035), face).x) - relief.x;
    float deep = sqrt(max(1.0 - min(out_by * out_by, 1.0), 0.0));
    vec3 p = vec3(q, 0.82 * deep + relief.x);
    normal = normalize(vec3(q.x / 0.52, q.y, deep / 0.80) + 1e-3) - vec3(slope / 0.035 * 0.9, 0.0);
    normal = normalize(normal);
    // Hair: darker, in strands.
    float hair = smoothstep(0.46, 0.60, q.y + 0.42 * q.x * q.x + 0.03 * sin(31.0 * q.x)) * (0.55 + 0.30 * sin(40.0 * q.x + 9.0 * q.y));
    p.xy *= 1.0 + 0.05 * hair;
    // The head turns with the visitor's, and bows, lifts or is drawn in by the mood.
    vec3 t = u_turn[who].xyz * vec3(0.85, 0.85, 1.0) * u_seen[who].y;
    t.z = mix(t.z, u_head[who].z, step(0.01, u_seen[who].w));
    t.y += 0.16 * happy - 0.42 * sad - 0.16 * angry;
    t.z += 0.10 * sad;
    vec3 c = cos(t), s = sin(t);
    mat3 way = mat3(c.z, -s.z, 0.0, s.z, c.z, 0.0, 0.0, 0.0, 1.0) * mat3(1.0, 0.0, 0.0, 0.0, c.y, -s.y, 0.0, s.y, c.y) * mat3(c.x, 0.0, -s.x, 0.0, 1.0, 0.0, s.x, 0.0, c.x);
    normal = way * normal;
    p = way * p;
    tone = figure_tone(normal, max(relief.y, 0.6 * hair), 0.9 * relief.z);
    tone.z = max(tone.z, step(0.86, lot.x));
    return vec4(vec3(r.head, 0.0) + p * H + vec3(0.0, -0.20 * sad - 0.10 * fear - 0.06 * angry, 0.10 * sad) * H, max(u_joints[who * JOINTS + HEAD].w, u_seen[who].w));
}

vec4 figure_trunk(int who, Reframed r, float mood[7], vec4 lot, out vec3 normal, out vec3 tone) {
    vec4 left = reframed_joint(r, who, LEFT_SHOULDER), right = reframed_joint(r, who, RIGHT_SHOULDER);
    vec4 hip = reframed_joint(r, who, LEFT_HIP), other = reframed_joint(r, who, RIGHT_HIP);
    float H = r.half_head, u = 2.0 * lot.x - 1.0, v = lot.y * lot.y * 0.25 + 0.75 * lot.y, fear = mood[FEAR];
    vec2 across = right.xy - left.xy;
    float wide = max(0.5 * length(across), 1.45 * H), hips = max(0.5 * distance(hip.xy, other.xy) * 1.45, 0.85 * H);
    across = (right.x < left.x ? -across : across) + vec2(1e-3, 0.0);
    across = normalize(vec2(max(across.x, 0.35 * abs(across.y)), across.y));
    vec2 down = vec2(across.y, -across.x);
    float known = smoothstep(0.15, 0.5, min(hip.w, other.w));
    vec3 top = 0.5 * (left.xyz + right.xyz), low = mix(top + vec3(down * wide * 2.1, 0.0), 0.5 * (hip.xyz + other.xyz) - vec3(0.0, 0.4 * H, 0.0), known);
    float w = mix(wide * 1.06, hips, v) * (1.0 - 0.10 * sin(3.1416 * min(1.3 * v, 1.0)) * known), a = abs(u);
    // From the neck down to the round of the shoulders.
    float slope = 0.62 * H * pow(1.0 - a, 1.6) - 0.30 * H * smoothstep(0.72, 1.0, a) * smoothstep(0.72, 1.0, a);
    float fade = 1.0 - smoothstep(0.0, 0.35, v), bulge = sqrt(max(1.0 - u * u, 0.0));
    vec3 p = mix(top, low, v) + vec3(across * u * w - down * (slope + 0.12 * H * fear) * fade, 0.42 * wide * bulge - 0.25 * wide);
    // Light on collarbones and chest.
    float ridge = exp(-pow((v - 0.10 - 0.06 * a) / 0.022, 2.0)) * smoothstep(0.10, 0.25, a) * smoothstep(0.80, 0.55, a);
    float chest = 0.45 * cos(11.0 * v - 0.6) * smoothstep(0.55, 0.15, v) * smoothstep(0.06, 0.3, a) + 0.30 * ridge;
    normal = normalize(vec3(across * 1.15 * u * a - down * (0.60 * fade * fade + chest), bulge + 0.12) + vec3(-0.35 * sign(u) * exp(-60.0 * u * u), 0.0, 0.0));
    tone = figure_tone(normal, 0.45 * exp(-pow((v - 0.15) / 0.03, 2.0)) * smoothstep(0.1, 0.3, a), 0.0);
    tone.z = 1.0 - smoothstep(0.40, 1.0, v + 0.25 * (lot.w - 0.5)) * (1.0 - known);
    return vec4(p, min(left.w, right.w));
}

vec4 figure_limb(int who, Reframed r, float mood[7], bool arm, int side, bool lower, vec4 lot, out vec3 normal, out vec3 tone) {
    vec4 a, b;
    if (arm) {
        vec4 shoulder = reframed_joint(r, who, LEFT_SHOULDER + side), elbow, wrist;
        posed_arm(r, who, mood, side, shoulder, reframed_joint(r, who, RIGHT_SHOULDER - side), elbow, wrist);
        a = lower ? elbow : shoulder;
        b = lower ? wrist : elbow;
    } else {
        a = reframed_joint(r, who, (lower ? LEFT_KNEE : LEFT_HIP) + side);
        b = reframed_joint(r, who, (lower ? LEFT_ANKLE : LEFT_KNEE) + side);
    }
    float H = r.half_head, along = lot.y, x = 2.0 * lot.x - 1.0;
    vec3 bone = b.xyz - a.xyz + vec3(0.0, -1e-4, 0.0), way = normalize(bone);
    vec3 sideways = normalize(vec3(way.y, -way.x, 1e-4)), front = normalize(cross(way, sideways));
    front *= front.z < 0.0 ? -1.0 : 1.0;
    float thick = arm ? (lower ? mix(0.30, 0.17, along) : mix(0.38, 0.29, along)) : (lower ? mix(0.36, 0.17, along) : mix(0.56, 0.37, along));
    // Calves and forearms swell.
    thick += lower ? 0.05 * sin(3.1416 * min(1.6 * along, 1.0)) : 0.0;
    normal = normalize(sideways * x + front * sqrt(max(1.0 - x * x, 0.0)) + 1e-4);
    vec3 p = a.xyz + bone * along + normal * thick * H;
    if (arm && lower && lot.w < 0.30) {
        // A hand: its back, and five fingers that spread with the form.
        float finger = floor(lot.x * 5.0) - 2.0, lean = (0.16 + 0.16 * u_spread) * finger, reach = (0.80 - 0.07 * finger * finger) * H * along;
        p = b.xyz + (way * cos(lean) + sideways * sin(lean)) * reach + normal * (0.06 + 0.10 * (1.0 - along)) * H * (fract(lot.x * 5.0) - 0.5);
        along = 1.0;
    }
    tone = figure_tone(normal, 0.0, 0.0);
    // Feet are lost in the dust of the floor.
    tone.z = arm ? 1.0 : 1.0 - (lower ? 0.65 * along * along : 0.0);
    return vec4(p, mix(a.w, b.w, min(along * 1.2, 1.0)) * smoothstep(0.0, 0.15, a.w));
}

vec4 figure_point(int who, Reframed r, float mood[7], vec4 lot, out vec3 normal, out vec3 tone) {
    // Shares of a bust and of a whole body; the last number chooses, the others are the place.
    float head = mix(0.17, 0.60, r.bust), neck = head + mix(0.025, 0.05, r.bust), trunk = neck + mix(0.295, 0.32, r.bust), arms = trunk + mix(0.27, 0.03, r.bust);
    float pick = lot.z;
    if (pick < head) return figure_head(who, r, mood, lot, normal, tone);
    if (pick < neck) {
        vec4 at = reframed_joint(r, who, NECK);
        float x = 2.0 * lot.x - 1.0, H = r.half_head, z = sqrt(max(1.0 - x * x, 0.0));
        normal = normalize(vec3(x, 0.0, z));
        tone = figure_tone(normal, 0.55 * smoothstep(0.35, 0.9, lot.y), 0.0);
        vec2 low = vec2(at.x, mix(at.y, r.head.y - 1.45 * H, 0.5)), high = r.head - vec2(0.0, 0.75 * H);
        return vec4(vec3(mix(low, high, lot.y), at.z) + vec3(0.40 * (1.0 + 0.25 * (1.0 - lot.y)) * x, 0.0, 0.30 * z - 0.15) * H, at.w);
    }
    if (pick < trunk) return figure_trunk(who, r, mood, lot, normal, tone);
    bool arm = pick < arms;
    float part = arm ? (pick - trunk) / (arms - trunk) : (pick - arms) / (1.0 - arms);
    return figure_limb(who, r, mood, arm, part < 0.5 ? 0 : 1, fract(part * 2.0) >= 0.5, lot, normal, tone);
}
