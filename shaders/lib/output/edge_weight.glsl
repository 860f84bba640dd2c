// edge_weight: share of the light that an output gives at a place in its part, and whether a soft edge is there.
// at: [0, 1], y down; widths: left, top, right, bottom as shares of the part; curve: 1 even, more is steeper.
// Range: x in [0, 1] (linear light), y 0 or 1. Idea: Bourke, Edge Blending Using Commodity Projectors (2004): the ramps of
// two neighbours are one another's mirror image and add up to 1.
vec4 edge_ramp(vec4 t, float curve) {
    vec4 low = 0.5 * pow(2.0 * min(t, 1.0 - t), vec4(curve));
    return mix(low, 1.0 - low, step(0.5, t));
}
vec2 edge_weight(vec2 at, vec4 widths, float curve) {
    vec4 distance = vec4(at, 1.0 - at);
    vec4 t = clamp(distance / max(widths, 1e-6), 0.0, 1.0);
    vec4 ramp = mix(vec4(1.0), edge_ramp(t, curve), step(1e-6, widths));
    vec4 inside = step(1e-6, widths) * step(distance, widths);
    return vec2(ramp.x * ramp.y * ramp.z * ramp.w, max(max(inside.x, inside.y), max(inside.z, inside.w)));
}
