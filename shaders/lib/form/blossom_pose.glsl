// blossom_stand, blossom_open, blossom_floor: how the blossom of the drawn shape stands: on a stem that grows out of the floor, its head where the mood
// holds it. Needs lib/frame, motion/throb, form/gesture, form/mirrored, form/apart, place/floor. axis +z of pose is the blossom's own, out of its heart; open [0, 1.1].
// Idea: each mood is a gesture of stem and head (hangs, thrusts, hides, turns away, rises, starts, stands), mixed by its share.
float blossom_floor() { return place_floor_y() - 0.06; }
struct Blossom { vec3 head, root, over; mat3 pose; float size, open, side, curl; Mirrored of; };
float blossom_open(Mood m, Mirrored r) {
    float beat = u_pulse * 0.13 * (throb(u_phase * 1.6 + u_self[u_shape].x * 6.0, u_rhythm) - 0.4);
    float breath = 0.05 * m.sleep * sin(u_time * 0.8);
    return clamp(u_spread * (1.0 - 0.92 * m.fear) + beat + breath + 0.28 * u_welcome * (1.0 - 0.6 * m.fear) + 0.30 * r.open * (1.0 - 0.9 * m.fear) + 0.15 * r.lift * (1.0 - 0.8 * m.fear), 0.0, 1.1);
}
Blossom blossom_stand(Mood m) {
    Blossom b;
    float self = u_self[u_shape].x, wide = u_place[u_shape].z;
    vec3 there = apart(0.78);
    float scale = wide * there.z;
    b.side = fract(self * 7.31) < 0.5 ? -1.0 : 1.0;
    Mirrored r = mirrored();
    b.of = r;
    b.open = blossom_open(m, r);
    b.size = 0.86 * scale * r.near * (1.0 + 0.46 * m.fear + 0.06 * m.sad + 0.12 * m.angry - 0.09 * m.surprise - 0.06 * m.happy + 0.36 * m.sleep - 0.05 * m.disgust);
    b.root = vec3(there.x, blossom_floor(), -0.10);
    float tall = (0.80 + 0.30 * (fract(self * 3.7) - 0.5) * float(u_people > 1)) * (0.55 + 0.55 * scale);
    float high = 1.05 - 0.10 * m.sad - 0.34 * m.fear + 0.16 * m.happy + 0.24 * m.disgust + 0.13 * m.surprise - 0.06 * m.angry - 0.12 * m.sleep;
    float sway = 0.05 * sin(u_phase * 0.31 + self * 9.0) + 0.03 * sin(u_phase * 0.73);
    float aside = (0.34 * m.sad - 0.12 * m.disgust + 0.20 * m.angry + 0.06 * m.sleep) * b.side - 0.22 * m.fear + sway + 0.35 * r.lean;
    float near = 0.10 + 0.16 * m.angry - 0.10 * m.fear + 0.05 * m.happy;
    b.head = b.root + vec3(aside * tall, high * tall, near);
    // It stays in the picture.
    float most = max(u_resolution.x / min(u_resolution.x, u_resolution.y) - (0.80 + 0.35 * m.sad) * b.size, 0.3);
    b.head.x = mix(b.head.x, clamp(b.head.x, -most, most), 0.85);
    b.head.y += 0.35 * u_place[u_shape].y + 0.16 * r.lift;
    // It grew from a little aside, and in a bow.
    float bow = b.side * (1.0 - m.sad) * (1.0 - m.fear) * (1.0 - 0.5 * m.angry);
    b.root.x -= 0.17 * tall * bow;
    vec3 axis = vec3(0.30 * u_place[u_shape].x * -0.3 + 3.0 * sway, 0.42, 0.90) * (0.25 + m.neutral);
    axis += vec3(0.62 * b.side, -0.95, 0.38) * 1.5 * m.sad + vec3(0.55 * b.side, 0.18, 0.80) * 1.4 * m.angry;
    axis += vec3(-0.34, 0.86, 0.36) * 1.4 * m.fear + vec3(-0.45 * b.side, 0.34, 0.80) * 1.4 * m.disgust;
    axis += vec3(0.0, 0.62, 0.78) * 1.4 * m.happy + vec3(0.0, 0.12, 0.99) * 1.4 * m.surprise;
    axis += vec3(0.34 * b.side, 0.86, 0.40) * m.sleep;
    axis += vec3(1.1 * r.look.x, 1.0 * r.look.y + 0.25 * r.lift, 0.0);
    axis = normalize(axis + vec3(0.0, -0.25 * max(u_droop - 0.2, 0.0) * (1.0 - m.sad), 0.0));
    vec3 y = normalize(cross(axis, vec3(1.0, 0.0, 0.0))), x = cross(y, axis);
    float spin = u_phase * 0.05 + self * 6.2831853, c = cos(spin), s = sin(spin);
    b.pose = mat3(x * c + y * s, y * c - x * s, axis);
    b.curl = m.fear;
    // The stem leaves the floor upright and meets the head from behind; a hanging head has its bow above it.
    b.over = vec3(-0.20 * bow * tall, 0.42 * m.sad + 0.16 * m.disgust, 0.0);
    return b;
}
// blossom_place: a point of the blossom, its heart at the origin, to its place in the room; gravity acts there, not in the flower.
vec3 blossom_place(vec3 p, Blossom b) {
    p = b.pose * (p - vec3(0.0, 0.0, mix(0.42, 0.14, b.open)));
    p.y -= max(u_droop, 0.0) * 0.26 * dot(p.xz, p.xz);
    // Who hides bows, away from the light.
    float along = max(dot(p, b.pose[2]) + 0.1, 0.0);
    p += vec3(-0.20, -0.14, 0.08) * b.curl * along * along;
    return p * b.size + b.head;
}
// blossom_stem: a point of its stem, at [0, 1] from root to head.
vec3 blossom_stem(float at, Blossom b) {
    vec3 calyx = blossom_place(vec3(0.0, 0.0, -0.02), b), axis = b.pose[2];
    float reach = length(calyx - b.root);
    vec3 low = b.root + vec3(0.0, 0.50 * reach, 0.0) + b.over * 0.8, high = calyx - axis * 0.38 * reach + b.over * 0.55;
    float i = 1.0 - at;
    return i * i * i * b.root + 3.0 * i * i * at * low + 3.0 * i * at * at * high + at * at * at * calyx;
}
