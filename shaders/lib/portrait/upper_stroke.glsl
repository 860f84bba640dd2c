// upper_stroke: of two coats of strokes, broad ones and finer ones over them with gaps between, the stroke that is seen at a place. Needs picture/strokes.
// size: a broad stroke's width in the units of place; finer: the other's share of it; ways: unit vectors, xy of the broad ones, zw of
// the finer; kept [0, 1]: which share of the finer ones is missing. Range: as strokes gives it. Idea: what a stroke is of is asked at its own
// middle; asked of the upper one alone, two coats cost hardly more than one.
Stroke upper_stroke(vec2 place, float size, float finer, vec4 ways, float kept, int set) {
    Stroke broad = strokes(place, size, ways.xy, set), fine = strokes(place, size * finer, ways.zw, set + 1);
    bool seen = stroke_cover(fine) > 0.5 && fine.lot.z > kept;
    if (!seen) fine = broad;
    return fine;
}
