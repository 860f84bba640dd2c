// skin: a point of a statue: one skin from the crown to the hem, drawn in until it lies on head and body, carved, and how much of it
// has come loose; all that stone_skin takes. Needs lib/frame, body/body_moods, body/figure, body/weather, body/shroud, body/under_cloth, body/carving,
// body/slabs, body/openness, body/stone_light, noise/swell3; u_flesh. uv: x round the body in [-1, 1], y from the crown to the ground in [0, 1]; jaw: how far it is open [0, 1].
// Range: as said at each. Idea: a tube about the body, each point of which goes down the distance's slope; more of it lies over the face.
out vec3 v_position;
out vec3 v_normal;
out vec2 v_grain;     // where its veins are, scene units
out vec4 v_cut;       // round and along the body in shares of the size; how deep it is carved there; how much nearer to the accent
out vec2 v_open;      // to the room, to the lamp
out vec3 v_place;     // on the face: x, y in half heights, z how far it is the face
flat out mat3 v_face;
flat out vec4 v_carved;
flat out vec4 v_own;  // size, how wet, near, light in the cracks

const float HEAD_ROWS = 0.30;

// A point of the tube round the body before it is drawn in; v from the neck to the ground.
vec3 robe_start(Figure f, float hem, float turn, float v, float arms, out vec3 across) {
    float s = f.size;
    vec3 feet = vec3(0.5 * (f.ankle[0] + f.ankle[1]));
    feet.y = f.ground;
    vec3 shoulders = 0.5 * (f.shoulder[0] + f.shoulder[1]);
    vec3 c = shoulders + mix(-0.01, -0.03, smoothstep(0.0, 0.13, v)) * s * f.body[1];
    c.y = min(c.y, f.head.y - 0.27 * s);
    vec2 r = mix(vec2(0.26, 0.22), vec2(0.50, 0.24), smoothstep(0.0, 0.13, v));
    float k = clamp((v - 0.13) / 0.15, 0.0, 1.0);
    c = mix(c, f.chest - 0.06 * s * f.body[1], k); r = mix(r, vec2(0.46, mix(0.28, 0.42, arms)), k);
    k = clamp((v - 0.28) / 0.18, 0.0, 1.0);
    c = mix(c, f.pelvis, k); r = mix(r, vec2(0.44, mix(0.30, 0.46, arms)), k);
    k = clamp((v - 0.46) / 0.54, 0.0, 1.0);
    c = mix(c, feet, k); r = mix(r, vec2(hem + 0.05), k);
    if (f.near > 0.0) {
        // A bust: from the neck out over the shoulders, and down over the mound it stands in.
        vec3 bust = mix(f.neck, shoulders, 0.5 * smoothstep(0.0, 0.4, v)) - vec3(0.0, s * (0.14 * smoothstep(0.0, 0.45, v) + 0.95 * pow(max(v - 0.25, 0.0) / 0.75, 1.5)), 0.0) - 0.04 * s * f.body[1];
        c = mix(c, bust, f.near);
        r = mix(r, mix(vec2(0.24, 0.22), vec2(0.58, 0.34), smoothstep(0.0, 0.45, v)) + vec2(0.75, 0.35) * smoothstep(0.35, 1.0, v), f.near);
    }
    // Outside of knees that are drawn up.
    float knees = max(max(dot(f.knee[0] - f.pelvis, f.body[2]), dot(f.knee[1] - f.pelvis, f.body[2])) / s - 0.10, 0.0);
    r.y += knees * smoothstep(0.34, 0.50, v) * smoothstep(-0.5, 0.5, cos(turn));
    vec3 x = normalize(vec3(f.body[0].x, 0.0, f.body[0].z)), z = vec3(-x.z, 0.0, x.x);
    vec3 level = normalize(f.shoulder[0] - f.shoulder[1] + 0.2 * s * f.body[0]);
    x = mix(mix(level, f.body[0], smoothstep(0.12, 0.3, v)), x, smoothstep(0.3, 0.6, v));
    z = mix(f.body[2], z, smoothstep(0.3, 0.6, v));
    across = cos(turn) * x - sin(turn) * z;
    return c + s * (r.x * sin(turn) * x + r.y * cos(turn) * z);
}

void skin(vec2 uv, BodyMoods m, Figure f, Weather w, float jaw) {
    float s = f.size, v = uv.y, u = uv.x, below = smoothstep(HEAD_ROWS - 0.09, HEAD_ROWS + 0.09, v), hem = mix(0.60, 0.37 + 0.08 * m.disgust - 0.08 * m.sad, f.grown);
    // More of the skin lies over the face.
    float turn = 3.14159265 * u * mix(0.5 + 0.5 * u * u, 1.0, below), polar = mix(0.001, 2.25, min(v / HEAD_ROWS, 1.0));
    float arms = under_cloth(f, m) * smoothstep(0.3, 0.6, f.grown), loose = 0.5 - 0.5 * cos(turn) * smoothstep(0.02, 0.12, v);
    vec3 across, p = robe_start(f, hem, turn, max(v - HEAD_ROWS + 0.05, 0.0) / (1.05 - HEAD_ROWS), arms, across);
    vec3 over = f.head + 0.27 * s * (f.face * vec3(sin(turn) * sin(polar), cos(polar), cos(turn) * sin(polar)));
    p = mix(over, p, below);
    vec4 d;
    for (int n = 0; n < 3; n++) {
        d = shroud_at(p, f, hem, 0.6 * jaw, arms, loose);
        p -= d.xyz * (d.w * 0.95);
    }
    vec3 n = normalize(d.xyz);
    float tall = 0.22 * s, along = (f.neck.y - p.y) / s;
    vec3 from = (p - f.head) * f.face / tall;
    vec2 q = from.xy + vec2(0.0, -0.02);
    float oval = length(vec2(q.x / 0.66, (q.y + 0.06) / (q.y > -0.06 ? 0.74 : 1.08)));
    float front = smoothstep(0.05, 0.50, dot(n, f.face[2])) * smoothstep(1.12, 0.90, oval) * (1.0 - below) * step(0.0, from.z);
    vec2 at = vec2(turn * (0.24 + 0.16 * v + (0.22 + 0.50 * m.disgust) * f.near * smoothstep(0.26, 0.50, v)), along);
    float deep = u_flesh * w.deep * (1.0 - 0.85 * front) * mix(0.36 * smoothstep(0.03, 0.24, v), 1.0, below) * mix(1.0, mix(0.22, 1.0, smoothstep(0.30, 0.9, along)), below) * (1.0 + 0.5 * f.near * smoothstep(0.3, 0.7, along));
    // Under the chin it is smooth.
    deep *= 1.0 - 0.45 * exp(-mix(1.3, 2.0, f.near) * turn * turn) * smoothstep(0.70, 0.30, along) * below;
    // From the chin the veil falls plain.
    deep *= 1.0 - 0.9 * smoothstep(-0.60, -0.90, q.y) * smoothstep(-2.4, -1.5, q.y) * smoothstep(1.0, 0.45, abs(q.x)) * step(0.0, from.z);
    p += n * s * deep * (carving(at, w.carved) - 0.4);
    if (w.carved.y > 0.01) p += n * s * mix(0.03, 0.085, below) * w.carved.y * (1.0 - front) * swell3(p / s * 5.0 + vec3(0.0, 0.3 * u_phase, 0.0));
    if (w.carved.w > 0.01) p += n * s * mix(0.03, 0.07, below) * w.carved.w * (1.0 - front) * (slabs(at).z - 0.4);
    // Its foot runs out into a heap.
    float foot = (1.0 - f.near) * smoothstep(0.84, 1.0, v);
    vec3 feet = 0.5 * (f.ankle[0] + f.ankle[1]);
    vec2 out_by = normalize(p.xz - feet.xz + 1e-4);
    p.xz = mix(p.xz, feet.xz + out_by * s * w.hem, foot * foot);
    p.y = mix(p.y, f.ground, smoothstep(0.92, 1.0, v) * (1.0 - f.near));
    n = normalize(n + vec3(0.0, 1.3 * foot, 0.0));
    p.y = max(p.y, f.ground + 0.004 * s);
    v_position = p;
    v_normal = n;
    vec3 on_body = (p - f.chest) * f.body;
    v_grain = on_body.xy + on_body.z * vec2(0.12, 0.08);
    v_cut = vec4(at, deep, (1.0 - below) * mix(-0.06, 0.08, front) - 0.10 * m.surprise);
    v_open = openness(p, n, f, hem);
    v_place = vec3(q, front);
    v_face = f.face;
    v_carved = w.carved;
    v_own = vec4(s, w.wet, f.near, w.glow);
}
