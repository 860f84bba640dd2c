// hung, held, creased, blisters: the folds of the cloth at a place, by what each mood makes of it. Needs lib/frame, noise/swell3, noise/hash,
// noise/lots and the numbers of the figure that sculpture_feedback.vert gives. p: scene units; on: how far it lies on the body, face: on
// the head [0, 1]. Range: about -0.2 to 0.2 scene units.
// Idea: cloth that is held at a place falls into creases that run out from it and grow wider as they go: undulation over direction and the
// distance's logarithm. Heads, hands and elbows hold it, and each mood pulls it another way.
float creased(float n, float sharp) { return mix(n, 1.0 - 2.0 * abs(n), sharp); }
// Creases that run out from a place: many of them round it, how they wander, how sharp they are.
float held(vec2 p, vec2 by, float s, float many, float sharp, float seed) {
    vec2 d = p - by;
    float r = length(d) / s + 1e-3;
    vec2 way = d / (r * s);
    return creased(swell3(vec3(many * way, 0.55 * log2(r) + seed)), sharp);
}
// A blister in each cell of a net, of its own size, many small ones.
float blisters(vec2 p, int seed) {
    ivec2 cell = ivec2(floor(p));
    vec4 lot = lots(cell.x * 73 + cell.y * 1931 + seed);
    float big = 0.06 + 0.32 * lot.z * lot.z;
    vec2 d = p - vec2(cell) - 0.5 - (lot.xy - 0.5) * (0.98 - 2.0 * big);
    float t = length(d * vec2(1.0, d.y > 0.0 ? 0.72 : 1.25)) / big;
    return big * pow(max(1.0 - t * t, 0.0), 1.6);
}
float hung(vec2 p, float on, float face) {
    float s = v_head.w, drift = 0.10 * u_phase, lean = v_pelvis.w;
    vec4 a = v_mood_first, b = v_mood_last;
    vec2 q = p + 0.10 * vec2(swell3(vec3(1.3 * p, drift)), swell3(vec3(1.1 * p + 7.0, drift + 2.0)));
    float off = 1.0 - 0.85 * on, bare = 1.0 - face, h = 0.0;
    // Linen at rest: long slack swags across, each its own way.
    float calm = max(1.0 - a.x - a.y - a.z - a.w - b.x - b.y, 0.0);
    if (calm > 0.004) {
        float swag = swell3(vec3(dot(q, vec2(0.9, 2.3)) * 1.1, dot(q, vec2(0.7, -0.3)), 0.4 + 0.5 * drift));
        float thin = creased(swell3(vec3(dot(q, vec2(1.1, 2.0)) * 2.9, dot(q, vec2(0.5, -0.3)), 3.4 + 0.5 * drift)), 0.5);
        h += calm * (0.15 * swag + 0.055 * thin * smoothstep(-0.4, 0.4, swag)) * off;
    }
    // What holds it, each only near itself.
    float all = 0.0, folds = 0.0;
    for (int i = 0; i < 5; i++) {
        vec2 by = i == 0 ? v_head.xy : i == 1 ? v_arm[1].zw : i == 2 ? v_arm[4].zw : i == 3 ? v_arm[0].xy : v_arm[3].xy;
        float far = distance(p, by) / s, w = exp(-4.5 * far);
        folds += w * smoothstep(0.12, 0.5, far) * held(q, by, s, i == 0 ? 3.1 : 2.3, 0.35 + 0.5 * a.x, 1.7 * float(i));
        all += w;
    }
    folds *= 1.0 / (all + 1e-5);
    float reach = distance(p, v_chest.xy) / s;
    h += 0.17 * s * folds * (1.0 - 0.70 * on) * bare * exp(-0.35 * reach) * (0.35 + 0.65 * calm) * mix(0.6, 1.0, v_chest.w);
    // On the body it lies in creases that fall from neck and shoulders.
    float worn_by = creased(held(q, v_neck.xy + vec2(0.0, 0.16 * s), s, 5.3, 0.0, 0.6), 0.75);
    h += 0.075 * s * worn_by * smoothstep(0.25, 0.60, distance(p, v_neck.xy + vec2(0.0, 0.16 * s)) / s) * on * bare * smoothstep(v_head.y, v_neck.y - 0.1 * s, p.y);
    // Over the crown it falls in creases, too.
    vec2 crown = v_head.xy + vec2(0.02 * s * lean, 0.02 * s);
    h += 0.030 * s * creased(held(p, crown, s, 3.3, 0.0, 5.2), 0.7) * smoothstep(0.10, 0.20, (p.y - v_head.y) / s + 0.25 * abs(p.x - v_head.x) / s) * smoothstep(0.06, 0.16, distance(p, crown) / s) * face;
    // Sadness: it hangs straight down, heavy, from the bowed head and shoulders.
    if (b.x > 0.004) {
        float below = 0.5 * log(1.0 + exp(2.0 * (v_head.y - p.y))), x = (q.x - v_head.x) / (0.85 + 0.35 * below) + 0.06 * swell3(vec3(0.0, 1.1 * p.y, 2.0 * p.x));
        float broad = swell3(vec3(4.7 * x, 0.30 * p.y, 0.7)), pipes = creased(swell3(vec3(10.3 * x + 1.5 * broad, 0.35 * p.y + 2.0 * broad, 4.7)), 0.55);
        h += b.x * (0.09 * broad + 0.055 * pipes * smoothstep(-0.7, 0.6, broad)) * (1.0 - 0.30 * on) * bare;
    }
    // Rage: taut from the body outwards, in sharp straight creases.
    if (a.x > 0.004) h += a.x * 0.15 * creased(held(p, v_chest.xy, s, 4.6, 0.0, 3.0), 0.85) * smoothstep(0.2, 0.9, reach) * (1.0 - 0.85 * on) * bare;
    // Fear: clutched in front of the breast, drawn in from all around, in a whirl.
    if (a.z > 0.004) {
        vec2 by = mix(v_neck.xy, v_arm[1].xy, 0.6), d = p - by;
        float r = length(d) / s, turn = 0.9 * exp(-0.8 * r) * lean, c = cos(turn), n = sin(turn);
        float drawn = held(by + vec2(c * d.x - n * d.y, n * d.x + c * d.y), by, s, 3.7, 0.6, 2.0);
        h += a.z * bare * (0.20 * s * drawn * smoothstep(0.05, 0.7, r) * exp(-0.30 * r) * (1.0 - 0.6 * on)) + a.z * 0.16 * smoothstep(0.8, 2.6, r);
    }
    // Joy: blown open in wide arcs that rise from the arms.
    if (a.w > 0.004) {
        vec2 d = q - (v_pelvis.xy - vec2(0.0, 0.9 * s));
        float r = length(d) / s, bent = 0.30 * r * d.x / (abs(d.x) + 0.15 * s);
        vec2 way = d / (r * s + 1e-3);
        float fan = swell3(vec3(3.3 * way + vec2(bent, 0.0), 0.30 * r - 0.6 * drift)), fine = swell3(vec3(8.1 * way + vec2(2.0 * bent, 0.0), 0.40 * r - drift));
        h += a.w * (0.22 * creased(fan, 0.35) + 0.06 * creased(fine, 0.4)) * smoothstep(0.3, 1.6, r) * (1.0 - 0.80 * on) * bare;
    }
    // Surprise: rings run out from the mouth.
    if (b.y > 0.004) {
        float r = distance(q, v_head.xy - vec2(0.0, 0.11 * s)) / s;
        float ring = sin(19.0 * log2(1.0 + r) - 1.9 * u_phase);
        ring = ring * abs(ring) + 0.5 * ring;
        h += b.y * 0.055 * s * ring * smoothstep(0.22, 0.7, r) * exp(-0.45 * r) * (1.0 - 0.70 * on) * (1.0 + 0.6 * swell3(vec3(1.7 * p, 5.0)));
    }
    // Disgust: it blisters, in clots and gaps, and sags in wrinkles.
    if (a.y > 0.004) {
        float clot = smoothstep(-0.25, 0.45, swell3(vec3(1.7 * q, 0.5 * drift)));
        vec2 w = q + vec2(0.0, 0.02 * u_phase);
        float boil = 0.22 * clot * blisters(mat2(0.8, 0.6, -0.6, 0.8) * w * 1.9, 11) + 0.08 * blisters(mat2(0.6, -0.8, 0.8, 0.6) * w * 4.7, 29) * clot * clot;
        float sag = creased(swell3(vec3(2.2 * q.x, 6.0 * (q.y + 0.25 * q.x * q.x), drift)), 0.8);
        h += a.y * ((boil + 0.05 * sag * (1.0 - 0.6 * clot)) * bare + 0.05 * clot * (1.0 - 0.6 * on));
    }
    return h + 0.012 * u_pulse * sin(2.0 * p.y + 0.8 * u_time) * off;
}
