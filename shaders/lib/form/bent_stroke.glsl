// bent_stroke: the end of a stroke of a length that starts at an angle from an axis and bends evenly.
// start, bend in radians over the whole stroke; share [0, 1] how far along. Gives (away from the axis, along the axis).
// Idea: an arc's chord: length times sinc of half the turn, along the angle half way. No division by a bend of zero.
vec2 bent_stroke(float reach, float start, float bend, float share) {
    float half_turn = 0.5 * bend * share;
    float chord = abs(half_turn) < 1e-3 ? 1.0 : sin(half_turn) / half_turn;
    return reach * share * chord * vec2(sin(start + half_turn), cos(start + half_turn));
}
