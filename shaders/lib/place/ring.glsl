// place_ring: light that stands in the night behind who is surprised: a ring that has sprung open, and curtains of light over the plain.
// Needs lib/frame, noise/swell3, place/floor. at: scene units; middle: the ring's; lot: three numbers of the room, [0, 1). Range: linear RGB, [0, inf).
// Idea: the ring is bright inside and runs out; curtains hang in folds, brightest at their hems.
vec3 place_ring(vec2 at, vec2 middle, vec3 lot) {
    vec2 from = at - middle;
    float radius = 0.74 + 0.16 * lot.z + 0.03 * sin(0.6 * u_phase), off = length(from) - radius, turn = atan(from.x, from.y);
    float ring = off < 0.0 ? exp(-240.0 * off * off) : 0.55 * exp(-9.0 * off) + 0.45 * exp(-240.0 * off * off), uneven = 0.80 + 0.20 * sin(2.0 * turn + 6.0 * lot.y + 0.1 * u_phase);
    float second = exp(-60.0 * (off - 0.55) * (off - 0.55)) * (0.5 + 0.5 * sin(3.0 * turn + 6.0 * lot.x));
    vec3 light = mix(u_palette[3], u_palette[2], 0.12) * (0.50 * ring * uneven + 0.08 * second);
    light += mix(u_counter, u_palette[2], 0.4) * 0.30 * exp(-3.4 * dot(from, from));
    // Folds: where a curtain hangs, and how far up it is lit.
    float fold = swell3(vec3(1.5 * at.x + 9.0 * lot.x, 0.3 * at.y + 0.07 * u_phase, 5.0 * lot.z)), hem = 0.30 + 0.22 * fold - (at.y - place_horizon_y() - 0.35);
    float rays = 0.65 + 0.35 * swell3(vec3(7.0 * at.x + 3.0 * fold, 0.25 * at.y, 0.2 * u_phase)), curtain = smoothstep(0.10, -0.05, hem) * exp(1.9 * min(hem, 0.0));
    light += mix(u_palette[3], u_palette[2], smoothstep(0.1, -0.8, hem)) * 0.16 * curtain * rays * smoothstep(-0.5, 0.5, fold + 0.4 * sin(1.1 * at.x + 6.0 * lot.y));
    return light;
}
