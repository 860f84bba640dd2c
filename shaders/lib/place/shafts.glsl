// place_shafts: hard light that falls into the air from high up on the left, each shaft with a sharp side and a soft one. Needs lib/frame,
// noise/swell3. at: scene units; lot: three numbers of the room, [0, 1). Range: x the shafts [0, 1.5], y the opening they come through [0, 1].
// Idea: where the opening is, how many shafts, how wide and how steep each is, the lots say; smoke drifts through them.
vec2 place_shafts(vec2 at, vec3 lot) {
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    vec2 from = at - vec2(mix(-1.08, -0.25, lot.x) * wide, 1.30), source = at - vec2(mix(-1.0, -0.25, lot.x) * wide, 1.02);
    float angle = from.x / max(-from.y, 0.05) - mix(0.55, -0.45, lot.x), away = length(from), sum = 0.0;
    float smoke = 0.75 + 0.45 * swell3(vec3(at * vec2(1.4, 1.9) + vec2(0.06, -0.09) * u_phase, 5.0 * lot.z));
    for (int n = 0; n < 3; n++) {
        float k = float(n), own = fract(lot.y * 7.0 + 0.618 * k), half_ = mix(0.06, 0.24, own * own);
        float middle = mix(-0.15, 1.15, (k + 0.25 + 0.5 * fract(lot.z * 5.0 + 0.37 * k)) / 3.0), off = angle - middle;
        sum += mix(1.0, 0.45, fract(own * 3.0)) * smoothstep(-half_ - 0.05, -0.6 * half_, off) * smoothstep(half_, -0.2 * half_, off);
    }
    return vec2(sum * smoke * exp(-0.55 * away), exp(-22.0 * dot(source, source)) + 0.10 * exp(-4.0 * length(source)));
}
