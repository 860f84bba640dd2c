// dust: a few motes out of focus that drift in the room's light at a place, [0, 1]. Needs lib/frame, noise/hash, motion/there_and_back.
// at: scene units. Idea: one mote in a cell of a drifting lattice, kept away from its sides; none where the quality is low.
float dust(vec2 at) {
    vec2 q = at * 2.1 + vec2(0.06 * u_phase, (0.05 * u_droop - 0.03) * there_and_back());
    ivec2 cell = ivec2(floor(q));
    uint lot = mix_bits(uint(cell.x) + mix_bits(uint(cell.y) + 77u));
    vec2 middle = 0.5 + 0.28 * sin(vec2(float(lot & 255u), float((lot >> 8) & 255u)) + 0.13 * u_phase * vec2(1.0, 1.3));
    float size = 0.035 + 0.075 * float((lot >> 16) & 255u) / 255.0, away = length(fract(q) - middle);
    float there = step(120.0, float(lot >> 24)) * (0.5 + 0.5 * sin(0.21 * u_phase + float(lot & 1023u)));
    return smoothstep(0.1, 0.5, u_detail) * there * smoothstep(size, 0.4 * size, away) * 0.05 / size;
}
