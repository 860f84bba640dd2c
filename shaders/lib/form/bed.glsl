// FLOOR, bed_middle: the ground that crystals grow from. Needs lib/frame. Range: scene units, in the room of view/to_clip.
const float FLOOR = -0.66;
// The middle of a visitor's group on the ground.
vec3 bed_middle(int shape) { return vec3(u_place[shape].x, FLOOR, 0.0); }
