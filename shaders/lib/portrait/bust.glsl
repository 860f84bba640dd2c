// bust: neck, shoulders and a robe that falls from them, under a sitter's head, with the arms where they are seen. Needs lib/frame,
// portrait/sitter, sdf/along_segment. away: how far outside (below 0 inside), in the picture's units; normal: of its rounded form. Range: places of the
// picture; normals of any length. Idea: a profile by height, from the neck over round shoulders to a robe that widens,
// as wide as the visitor's shoulders; arms are capsules.
// robe_folds: how much lighter or darker folds make it. under: from the head's middle in half heads.
struct Bust { float away; vec3 normal; };
float limb_away(vec2 p, vec2 a, vec2 b, float thick, float thin, out vec2 side) {
    vec2 ab = b - a;
    float along = along_segment(p, a, b);
    side = p - a - along * ab;
    float radius = mix(thick, thin, along);
    float away = length(side) - radius;
    // Round across, not at its ends.
    vec2 across = vec2(-ab.y, ab.x) / max(length(ab), 1e-3);
    side = across * clamp(dot(p - a, across) / radius, -1.0, 1.0);
    return away;
}
Bust bust(int who, vec2 p, Sitter s, vec3 frame, float shares[7]) {
    vec4 left = u_joints[who * JOINTS + LEFT_SHOULDER], right = u_joints[who * JOINTS + RIGHT_SHOULDER];
    float known = min(left.w, right.w) * clamp(u_place[who].w, 0.0, 1.0);
    vec2 l = to_easel(left.xy, frame), r = to_easel(right.xy, frame);
    if (l.x > r.x) { vec2 t = l; l = r; r = t; }
    vec2 by_head = s.head - vec2(0.0, 1.55 * s.tall);
    vec2 middle = mix(by_head, 0.5 * (l + r) + vec2(0.0, 0.10 * s.tall), known), across = mix(vec2(1.9 * s.tall, 0.0), r - l, known);
    // A painter's neck is no longer than so.
    middle.y = clamp(middle.y, s.head.y - 1.62 * s.tall, s.head.y - 1.25 * s.tall);
    // Nor do shoulders stand beside the head, whatever a body that bows, or is misread, says.
    middle.x = clamp(middle.x, s.head.x - 0.3 * s.tall, s.head.x + 0.3 * s.tall);
    // Shoulders are drawn up in fear, and hang in sadness.
    middle.y += (0.20 * shares[FEAR] + 0.06 * shares[ANGRY] - 0.10 * shares[SAD]) * s.tall;
    float wide = clamp((0.62 + 0.06 * shares[ANGRY] - 0.08 * shares[FEAR]) * length(across), 1.0 * s.tall, 1.5 * s.tall);
    float tilt = clamp(across.y / max(across.x, 0.3 * s.tall), -0.5, 0.5);
    // Down from the chin in heads.
    float top = s.head.y - 0.55 * s.tall, drop = (top - p.y + tilt * (p.x - middle.x)) / max(top - middle.y, 0.3 * s.tall);
    float axis = mix(s.head.x, middle.x, smoothstep(0.0, 1.0, drop));
    float u = clamp((drop - 0.42) / 0.75, 0.0, 1.0), shoulder = sqrt(1.0 - (1.0 - u) * (1.0 - u));
    float half_wide = mix(0.36 * s.tall + 0.10 * s.tall * u, wide, shoulder * shoulder * (0.65 + 0.35 * u)) + 0.10 * s.tall * max(drop - 1.2, 0.0);
    float x = p.x - axis;
    Bust b;
    b.away = max(abs(x) - half_wide, top - 0.02 - p.y > 0.0 ? -1.0 : p.y - top);
    float nx = clamp(x / half_wide, -1.0, 1.0);
    b.normal = vec3(0.95 * nx, 0.9 * (1.0 - smoothstep(0.42, 1.5, drop)) * smoothstep(0.3, 0.6, drop), sqrt(1.0 - 0.9 * nx * nx) + 0.1);
    for (int side = 0; side < 2; side++) {
        vec4 elbow = u_joints[who * JOINTS + LEFT_ELBOW + side], wrist = u_joints[who * JOINTS + LEFT_WRIST + side];
        vec2 a = to_easel(u_joints[who * JOINTS + LEFT_SHOULDER + side].xy, frame), at;
        vec2 e = to_easel(elbow.xy, frame), w = to_easel(wrist.xy, frame);
        float arm = limb_away(p, a, e, 0.36 * s.tall, 0.30 * s.tall, at) + 9.0 * (1.0 - step(0.3, elbow.w));
        if (arm < min(b.away, 0.0) + 0.05) b.normal = mix(b.normal, vec3(at, sqrt(max(1.0 - dot(at, at), 0.05))), 0.6 * smoothstep(0.02, -0.12, arm));
        b.away = min(b.away, arm);
        arm = limb_away(p, e, w, 0.28 * s.tall, 0.20 * s.tall, at) + 9.0 * (1.0 - step(0.3, min(elbow.w, wrist.w)));
        if (arm < min(b.away, 0.0) + 0.05) b.normal = mix(b.normal, vec3(at, sqrt(max(1.0 - dot(at, at), 0.05))), 0.6 * smoothstep(0.02, -0.12, arm));
        b.away = min(b.away, arm);
    }
    return b;
}
float robe_folds(vec2 under) {
    float fold = sin(13.6 * atan(under.x, 0.9 - under.y) + 0.7 * under.x + 0.5 * sin(1.7 * under.y)) * smoothstep(-1.2, -2.2, under.y);
    // The cloth is thrown over one shoulder.
    float thrown = under.y + 1.55 + 1.15 * under.x + 0.25 * sin(2.0 * under.x), over_it = (thrown - 0.12) / 0.14, under_it = (thrown + 0.12) / 0.12;
    return 0.13 * fold + 0.16 * exp(-over_it * over_it) - 0.20 * exp(-under_it * under_it);
}
