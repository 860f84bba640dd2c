// Grain, grain_at: the grain of sand that lies at a place of a surface, and how much of the sand is still there. Needs lib/frame.
// at: on the surface, scene units; gone: 0 it lies whole, 1 nothing is left. Gives three random numbers of the grain, there: how far
// the place is covered by one [0, 1], and round_by: 0 in its middle to 1 between grains. Range: lots [0, 1). Idea: a cell for each grain, askew, never smaller than the pixels can show; where sand
// goes, grains go one by one, and those that are left are round.
struct Grain { vec3 lot; float there; float round_by; };
Grain grain_at(vec2 at, float gone, float coarse) {
    vec2 c = mat2(0.891, 0.454, -0.454, 0.891) * at / (coarse * max(0.0062, 3.0 / min(u_resolution.x, u_resolution.y))), cell = floor(c), from = c - cell - 0.5;
    vec3 h = fract(cell.xyx * vec3(0.1031, 0.1030, 0.0973) + 0.21);
    h += dot(h, h.yzx + 33.33);
    h = fract((h.xxy + h.yzz) * h.zyx);
    from -= 0.35 * (h.xy - 0.5) * gone;
    float radius = mix(1.1, 0.34, smoothstep(0.0, 0.5, gone));
    return Grain(h, smoothstep(0.08 * gone - 0.08, 0.08 * gone + 1e-4, h.z - gone) * smoothstep(1.25, 0.65, dot(from, from) / (radius * radius)), smoothstep(0.05, 0.45, dot(from, from)));
}
