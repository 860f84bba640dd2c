// bust: neck, shoulders and a robe that falls from them, under a sitter's head, with wide sleeves where arms are seen. Needs lib/frame,
// portrait/sitter, sdf/along_segment. away: how far outside (below 0 inside), in the picture's units; normal: of its rounded form. Range: places of the
// picture; normals of any length. Idea: a profile by height, from the neck over round shoulders to a robe that widens,
// as wide as the visitor's shoulders; sleeves hang together with it as cloth does, and are lost in the dark before the hand.
// robe_folds: how much lighter or darker folds make it. under: from the head's middle in half heads.
struct Bust { float away; vec3 normal; };
void add_sleeve(inout Bust b, vec2 p, vec2 from, vec2 to, float tall, vec2 radius, float lost) {
    vec2 ab = to - from, across = vec2(-ab.y, ab.x) / max(length(ab), 1e-3);
    float along = along_segment(p, from, to), thick = mix(radius.x, radius.y, along) * tall;
    float away = length(p - from - along * ab) - thick + lost * tall * smoothstep(0.2, 1.0, along);
    float both = 0.42 * tall, meet = max(both - abs(away - b.away), 0.0) / both;
    float side = clamp(dot(p - from, across) / thick, -1.0, 1.0);
    vec3 normal = vec3(across * side, sqrt(max(1.0 - side * side, 0.05)));
    b.normal = mix(b.normal, normal, 0.7 * smoothstep(0.25, -0.25, (away - b.away) / tall));
    b.away = min(away, b.away) - 0.25 * meet * meet * both;
}
Bust bust(int who, vec2 p, Sitter s, vec3 frame, float shares[7]) {
    vec4 left = u_joints[who * JOINTS + LEFT_SHOULDER], right = u_joints[who * JOINTS + RIGHT_SHOULDER];
    float known = min(left.w, right.w) * clamp(u_place[who].w, 0.0, 1.0);
    vec2 l = to_easel(left.xy, frame), r = to_easel(right.xy, frame);
    if (l.x > r.x) { vec2 t = l; l = r; r = t; }
    vec2 by_head = s.head - vec2(0.0, 1.55 * s.tall);
    vec2 middle = mix(by_head, 0.5 * (l + r) + vec2(0.0, 0.10 * s.tall), known), across = mix(vec2(1.9 * s.tall, 0.0), r - l, known);
    // A painter's neck is no longer than so.
    middle.y = clamp(middle.y, s.head.y - 1.50 * s.tall, s.head.y - 1.22 * s.tall);
    // Nor do shoulders stand beside the head, whatever a body that bows, or is misread, says.
    middle.x = clamp(middle.x, s.head.x - 0.3 * s.tall, s.head.x + 0.3 * s.tall);
    // Shoulders are drawn up in fear, and hang in sadness.
    middle.y += (0.24 * shares[FEAR] + 0.08 * shares[ANGRY] - 0.10 * shares[SAD]) * s.tall;
    float wide = clamp((0.66 + 0.06 * shares[ANGRY] - 0.08 * shares[FEAR]) * length(across), 1.25 * s.tall, 1.7 * s.tall);
    float tilt = clamp(across.y / max(across.x, 0.3 * s.tall), -0.4, 0.4) - 0.06;
    // Down from the chin in heads.
    float top = s.head.y - 0.55 * s.tall, drop = (top - p.y + tilt * (p.x - middle.x)) / max(top - middle.y, 0.3 * s.tall);
    float axis = mix(s.head.x, middle.x, smoothstep(0.0, 1.0, drop));
    float u = clamp((drop - 0.40) / 0.95, 0.0, 1.0), shoulder = sqrt(1.0 - (1.0 - u) * (1.0 - u));
    float half_wide = mix(0.36 * s.tall + 0.10 * s.tall * u, wide, shoulder * shoulder * (0.55 + 0.45 * u)) + 0.34 * s.tall * max(drop - 1.1, 0.0);
    float x = p.x - axis;
    Bust b;
    b.away = max(abs(x) - half_wide, p.y - top);
    float nx = clamp(x / half_wide, -1.0, 1.0);
    b.normal = vec3(0.95 * nx, 0.9 * (1.0 - smoothstep(0.42, 1.7, drop)) * smoothstep(0.3, 0.6, drop), sqrt(1.0 - 0.9 * nx * nx) + 0.1);
    for (int side = 0; side < 2; side++) {
        vec4 elbow = u_joints[who * JOINTS + LEFT_ELBOW + side], wrist = u_joints[who * JOINTS + LEFT_WRIST + side];
        if (elbow.w < 0.3) continue;
        vec2 a = to_easel(u_joints[who * JOINTS + LEFT_SHOULDER + side].xy, frame), e = to_easel(elbow.xy, frame);
        a.y = min(a.y, middle.y - 0.25 * s.tall);
        bool sees_wrist = wrist.w > 0.3;
        add_sleeve(b, p, a, e, s.tall, vec2(0.42, 0.38), sees_wrist ? 0.0 : 0.5);
        if (sees_wrist) add_sleeve(b, p, e, hung_wrist(wrist.xy, frame, s.tall), s.tall, vec2(0.38, 0.34), 0.75);
    }
    return b;
}
float robe_folds(vec2 under) {
    // Cloth hangs from the shoulders in few folds of unequal width, each soft on the side of the light and sharp on the other.
    float turn = 2.3 * atan(under.x + 0.15, 0.4 - under.y) + 0.25 * sin(1.3 * under.y + 2.0 * under.x);
    float fold = fract(turn + 0.20 * sin(4.1 * turn)), ridge = smoothstep(0.0, 0.72, fold) * smoothstep(1.0, 0.80, fold);
    float deep = smoothstep(-1.25, -2.1, under.y);
    // The cloth is thrown over one shoulder.
    float thrown = under.y + 1.62 + 0.95 * under.x + 0.22 * sin(2.0 * under.x), over_it = (thrown - 0.12) / 0.16, under_it = (thrown + 0.14) / 0.15;
    return (0.26 * ridge - 0.15) * deep + 0.14 * exp(-over_it * over_it) - 0.20 * exp(-under_it * under_it);
}
