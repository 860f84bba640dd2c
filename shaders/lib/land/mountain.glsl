// mountain, mountain_at: a visitor as a mountain: head, neck, shoulders and a slope that runs out into the land. Needs lib/frame, form/moods,
// body/reframed. mountain reads the visitor once a vertex; mountain_at gives a place on it: t across, -1 at the left border to 1 at the right; d
// below the crown in head half heights. Range: scene units. Idea: a head over shoulders and a peak over its ridges are one outline.
struct Mountain { vec2 crown; float size; float shoulders; vec2 middle; float foot; float neck; float hood; float roll; float there; float by; vec2 from; vec2 to; };
Mountain mountain(int who) {
    Mountain m;
    Reframed r = reframed(who);
    vec4 left = reframed_joint(r, who, LEFT_SHOULDER), right = reframed_joint(r, who, RIGHT_SHOULDER);
    vec4 one = reframed_joint(r, who, LEFT_ANKLE), other = reframed_joint(r, who, RIGHT_ANKLE);
    float known = max(u_joints[who * JOINTS + CHEST].w, u_seen[who].w), H = r.half_head;
    // Nobody's body is known yet: a mountain where the visitor is.
    m.size = mix(0.16 + 0.06 * u_place[who].z, H, known);
    // A bust is set a little smaller than elsewhere, so that its shoulders stand over the land before it.
    m.by = mix(1.30, 0.80, r.bust) * (1.0 - 0.20 * MOOD[FEAR]);
    m.from = r.head;
    vec2 head = mix(vec2(u_place[who].x, 0.22), r.head + vec2(0.0, 0.11 * r.bust), known);
    head.y = min(head.y, half_picture().y - 0.12 - 1.3 * m.size * m.by);
    m.to = head;
    m.size *= m.by;
    m.crown = head + m.size * vec2(0.34 * MOOD[SAD], 1.06 - 0.42 * MOOD[SAD] - 0.80 * MOOD[FEAR]);
    m.middle = mix(head - vec2(0.0, 1.5 * m.size), head + m.by * (0.5 * (left.xy + right.xy) - r.head), known);
    // Seen from the side shoulders may stand far before a head; a mountain stands under its peak.
    m.middle.x = clamp(m.middle.x, head.x - 0.7 * m.size, head.x + 0.7 * m.size);
    m.shoulders = max(mix(1.9, (0.5 * distance(left.xy, right.xy) + 0.2 * H) / max(H, 0.02), known), 1.65) * (1.0 - 0.10 * MOOD[FEAR] - 0.06 * MOOD[SAD]);
    m.shoulders = min(m.shoulders, 2.5);
    m.foot = mix(-0.80, min(one.y, other.y), smoothstep(0.2, 0.6, min(one.w, other.w)) * (1.0 - r.bust));
    m.foot = min(m.foot, m.crown.y - 4.0 * m.size);
    m.roll = clamp(u_turn[who].z * u_seen[who].y, -0.32, 0.32) * (1.0 - 0.6 * MOOD[FEAR]) + 0.30 * MOOD[SAD] - 0.06 * MOOD[ANGRY];
    // Who mourns or hides has no neck: a hood falls straight.
    m.neck = mix(0.50, 0.82, clamp(MOOD[SAD] + 0.3 * MOOD[FEAR] + 0.6 * MOOD[DISGUST], 0.0, 1.0));
    m.hood = 0.0;
    m.there = u_place[who].w;
    return m;
}
float mountain_width(Mountain m, float d) {
    float q = (d - 1.02) / 1.04, head = 0.79 * sqrt(max(1.0 - q * q, 0.0)) * (1.0 - 0.14 * smoothstep(1.0, 2.0, d));
    float neck = m.neck, low = max(d - 2.8, 0.0), long_by = max((m.crown.y - m.foot) / m.size - 2.8, 1.0);
    float body = neck + (m.shoulders - neck) * smoothstep(1.75 - 0.50 * MOOD[FEAR], 3.15 - 0.75 * MOOD[FEAR], d) + 0.20 * low + (1.5 + 0.42 * max(long_by - 2.0, 0.0)) * (1.0 + 0.3 * MOOD[HAPPY] - 0.35 * MOOD[FEAR]) * pow(low / long_by, 1.9);
    body *= smoothstep(0.75, 1.35, d);
    // A soft maximum: neck and jaw run together.
    float k = 0.16, h = clamp(0.5 + 0.5 * (head - body) / k, 0.0, 1.0);
    float bare = mix(body, head, h) + k * h * (1.0 - h) * smoothstep(0.6, 1.4, d);
    // Cloth that hangs over it from the crown.
    float top = min(d / 1.15, 1.0), cloth = 0.87 * sqrt(top * (2.0 - top)) - 0.19 * smoothstep(1.05, 2.05, d) * smoothstep(3.2, 2.05, d);
    return mix(bare, max(cloth + (m.shoulders - 0.87) * smoothstep(1.75, 3.15, d) + (body - m.shoulders) * smoothstep(2.6, 3.6, d), 0.0), m.hood);
}
vec2 mountain_at(Mountain m, float t, float d) {
    float low = smoothstep(1.5, 2.9, d), w = mountain_width(m, d) * m.size, s = sin(m.roll), c = cos(m.roll);
    // The head turns about the neck; shoulders stay.
    vec2 about = m.crown - vec2(0.0, 2.0 * m.size), from = vec2(t * w, (2.0 - d) * m.size);
    vec2 turned = about + vec2(c * from.x + s * from.y, c * from.y - s * from.x);
    vec2 stands = vec2(mix(m.crown.x, m.middle.x, low) + t * w, m.crown.y - d * m.size);
    return mix(turned, stands, low);
}
