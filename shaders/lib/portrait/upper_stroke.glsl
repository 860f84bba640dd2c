// upper_stroke: of two coats of strokes, broad ones and finer ones over them with gaps between, what is seen at a place. Needs picture/strokes.
// size: a broad stroke's width in the units of place; finer: the other's share of it; ways: unit vectors, xy of the broad ones, zw of
// the finer; kept [0, 1]: which share of the finer ones is missing. Range: as strokes gives it, drawn to its mean (lot 0.5, middle at the place
// itself) at a stroke's edge. Idea: wet paint runs into its neighbour, so no stroke has a hard edge, and none a jagged one.
Stroke upper_stroke(vec2 place, float size, float finer, vec4 ways, float kept, int set) {
    Stroke broad = strokes(place, size, ways.xy, set), fine = strokes(place, size * finer, ways.zw, set + 1);
    float under = stroke_cover(broad), over = stroke_cover(fine) * smoothstep(kept - 0.05, kept + 0.05, fine.lot.z);
    broad.lot = 0.5 + mix((broad.lot - 0.5) * under, fine.lot - 0.5, over);
    broad.middle = place + mix((broad.middle - place) * under, fine.middle - place, over);
    broad.hair = mix(broad.hair, fine.hair, over);
    broad.side = mix(broad.side * under, fine.side, over);
    return broad;
}
