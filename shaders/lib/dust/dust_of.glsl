// stage_of, Dust, Stage: what the forms of dust in this folder give and are given. Needs lib/frame, body/reframed.
// Stage: chest, the head's half height, shoulders' half width, half the figure's height, the height of the floor.
// Dust: home is where a grain belongs; life [0, 1] how far it is on its way (what begins at 0 and is gone at 1 shows no leap);
// light [0, 1.5]; firm [0, 1] how near it keeps to its place.
// Idea: every form is a function from a grain's lot to its home, and so forms flow into one another grain by grain.
struct Dust { vec3 home; float life; float light; float firm; };
struct Stage { vec3 head; vec3 chest; float half_head; float wide; float size; float ground; float bust; };
Stage stage_of(int who, Reframed r, float seen) {
    vec4 chest = reframed_joint(r, who, CHEST), left = reframed_joint(r, who, LEFT_ANKLE), right = reframed_joint(r, who, RIGHT_ANKLE);
    Stage s;
    s.half_head = r.half_head;
    s.bust = r.bust;
    s.head = vec3(r.head, 0.0);
    s.chest = vec3(mix(r.head - vec2(0.0, 2.4 * r.half_head), chest.xy, smoothstep(0.2, 0.7, chest.w)), 0.0);
    float feet = smoothstep(0.2, 0.6, max(left.w, right.w)) * (1.0 - r.bust);
    s.ground = mix(-1.06, min(left.y, right.y) - 0.4 * s.half_head, feet);
    s.wide = 1.75 * s.half_head;
    s.size = clamp(0.5 * (r.head.y + s.half_head - s.ground), 0.3, 0.9);
    // Nobody known: the form stands about the shape's place.
    vec3 place = vec3(u_place[who].xy, 0.0);
    s.head = mix(place + vec3(0.0, 0.35, 0.0), s.head, seen);
    s.chest = mix(place, s.chest, seen);
    s.wide = mix(0.26, s.wide, seen);
    return s;
}
