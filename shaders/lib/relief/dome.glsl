// dome, bar_away: how a taut cloth lies over something round, and how far a place is from a bar. t: distance from its middle in radii.
// Range: dome [0, 1], 0.38 at the radius, continuous slope; bar_away scene units. Needs nothing.
// Idea: a cap as far as the cloth touches, then it leaves along the tangent and sinks as stretched linen does.
float dome(float t) { return t < 1.0 ? 1.0 - 0.62 * t * t : 0.38 * exp(3.263 * (1.0 - t)); }
// along: where beside the bar, 0 at a to 1 at b.
float bar_away(vec2 p, vec2 a, vec2 b, out float along) {
    vec2 from = p - a, way = b - a;
    along = clamp(dot(from, way) / max(dot(way, way), 1e-6), 0.0, 1.0);
    return length(from - way * along);
}
