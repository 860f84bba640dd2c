// garden_side, garden_at, garden_bloom, garden_clip: where things stand round a blossom: on the room's floor, most of them on the side that is free.
// Needs lib/frame, noise/hash, place/floor, form/moods, view/to_clip. garden_at: x (scene units at the forms' depth), height over the floor and depth
// (1 at the forms, larger far away) to the picture; garden_bloom: head and size of a small blossom farther off, and its stem's foot.
// Range: scene units. Idea: a picture has a near, a middle and a far; one accent repeated smaller tells how deep it is.
float garden_side() { return place_focus_x() > 0.1 ? -1.0 : 1.0; }
vec2 garden_at(float x, float high, float depth) { return vec2(x / depth, place_horizon_y() + (high - 0.42) / depth); }
struct Bloom { vec2 head; vec2 foot; vec2 over; float size; float depth; };
Bloom garden_bloom(float k) {
    Bloom b;
    float lot = hash11(k + 31.0), other = hash11(k + 57.0), side = garden_side() * (k == 2.0 ? -1.0 : 1.0);
    b.depth = 1.55 + 0.62 * k + 0.3 * lot;
    float x = place_focus_x() * 0.6 + side * (0.72 + 0.16 * k + 0.22 * other) * b.depth;
    float high = (0.66 + 0.30 * other) * (1.0 - 0.30 * MOOD[FEAR] - 0.15 * MOOD[SAD] - 0.15 * MOOD[ASLEEP]), sway = 0.03 * sin(0.4 * u_phase + 5.0 * lot);
    b.size = (0.30 + 0.08 * lot) / b.depth * (1.0 + 0.2 * MOOD[HAPPY] - 0.25 * MOOD[FEAR] - 0.15 * MOOD[ASLEEP]);
    b.foot = garden_at(x, 0.0, b.depth);
    b.head = garden_at(x + (0.20 * (lot - 0.5) + sway + 0.16 * MOOD[SAD]) , high, b.depth);
    // A hanging head has its bow above it.
    b.over = b.head + vec2(-0.3 * (b.head.x - b.foot.x) - 0.05 * MOOD[SAD], 0.20 * MOOD[SAD] * b.size + 0.02) ;
    return b;
}
vec4 garden_clip(vec2 at) { return to_clip(vec3(at, 0.0)); }
