// weather: what the sky over the land does in each mood, over its light: rain that hangs in curtains, rays that rise, a ring that stands,
// slime that drips, smoke that slants, a light at a gorge's end. Needs lib/frame, form/moods, land/ground, land/sky, land/relief (VOLCANO),
// noise/hash. light: the sky's, linear RGB; at: scene units; strand [0, 1]: the generated picture drawn out downwards. Range: [0, inf).
// Idea: one shape each that is read without colour; each is there in its mood's share.
vec3 weather(vec3 light, vec2 at, float strand) {
    float top = u_resolution.y / min(u_resolution.x, u_resolution.y), up = at.y - HORIZON;
    vec3 sun = sun_direction();
    vec2 from = at - vec2(sun.x, sun.y) / sun.z * LENS - vec2(0.0, HORIZON);
    float r = length(from), lit = u_light;
    if (MOOD[SAD] > 0.01) {
        // Rain: a heavy cloud lies along the top, and hangs down in folds to the ground.
        float fold = 0.5 + 0.5 * sin(3.1 * at.x + 1.3 * sin(1.7 * at.x) + 0.05 * u_phase), hangs = smoothstep(0.15, 0.85, strand * 0.9 + 0.35 * fold);
        float belly = smoothstep(0.30, 0.75, up + 0.22 * fold + 0.10 * strand);
        light *= 1.0 - MOOD[SAD] * (0.55 * belly + 0.65 * hangs * smoothstep(1.3, 0.0, up) * (0.35 + 0.65 * fold));
        float column = at.x * 34.0 + 2.0 * at.y, fall = fract(0.8 * at.y + 0.5 * u_phase + hash11(floor(column)));
        float streak = smoothstep(0.0, 0.8, fall) * smoothstep(1.0, 0.85, fall) * smoothstep(0.5, 0.1, abs(fract(column) - 0.5));
        light += MOOD[SAD] * u_palette[3] * (0.10 * (1.0 - hangs) + 0.13 * streak * fold) * smoothstep(0.95, 0.0, up);
    }
    if (MOOD[HAPPY] > 0.01) {
        // Rays stand round the sun.
        float angle = atan(from.x, from.y), rays = 0.5 + 0.5 * sin(11.0 * angle + 0.06 * u_phase) * sin(5.0 * angle - 0.05 * u_phase + 1.0);
        light += MOOD[HAPPY] * mix(u_palette[2], u_palette[3], 0.5) * rays * rays * (0.50 + 0.60 * u_picture_strength) / (0.5 + 3.0 * r) * smoothstep(0.05, 0.30, r);
    }
    if (MOOD[SURPRISE] > 0.01) {
        // A ring, and one that runs out after it.
        float run = fract(0.10 * u_phase), late = r - 0.30 - 1.2 * run, first = r - 0.42;
        light += MOOD[SURPRISE] * (1.0 + 1.6 * u_picture_strength) * (mix(u_palette[3], u_counter, 0.5) * (0.75 / (1.0 + 900.0 * first * first)
                                                          + 0.12 / (1.0 + 30.0 * first * first))
                                   + u_palette[3] * 0.28 * (1.0 - run) / (1.0 + 400.0 * late * late));
    }
    if (MOOD[DISGUST] > 0.01) {
        // Slime: it hangs from the upper edge in drops, each of its own length, dark against the light, wet at one side.
        float cell = at.x / 0.19, lot = hash11(floor(cell) + 7.0), x = (fract(cell) - 0.5) * 0.19, down = top - at.y;
        float reach = 0.16 + 0.95 * lot * lot * lot + 0.05 * sin(0.3 * u_phase + 20.0 * lot), end = reach - down;
        float bulb = length(vec2(x, min(end - 0.05, 0.0))) - mix(0.024, 0.052, smoothstep(0.30, 0.04, end)), neck = 0.055 * exp(-9.0 * down);
        float drip = smoothstep(0.006, -0.006, bulb - neck) * step(0.0, end + 0.05);
        light = mix(light, light * 0.20 + u_palette[1] * 0.05 + u_palette[3] * 0.55 * smoothstep(0.020, 0.0, abs(bulb - neck + 0.016)) * step(x, 0.0), drip * MOOD[DISGUST]);
    }
    if (MOOD[ANGRY] > 0.01) {
        // Smoke leans away from the crater's fire.
        vec2 mouth = vec2(VOLCANO.x + 0.8, 2.75 - GROUND_EYE) * LENS / VOLCANO.y + vec2(0.0, HORIZON), off = at - mouth;
        float along = dot(off, vec2(0.62, 0.785)), across = dot(off, vec2(0.785, -0.62)) + 0.05 * sin(9.0 * along - u_phase);
        float wide = 0.05 + 0.34 * along, plume = smoothstep(1.0, 0.25, abs(across) / wide + 0.9 * (strand - 0.5)) * smoothstep(0.0, 0.06, along);
        light = mix(light, u_palette[0] * 0.6 + mix(u_palette[2], u_palette[3], 0.4) * (0.55 * exp(-5.0 * along) + 0.10 * (1.0 - strand)), 0.85 * plume * MOOD[ANGRY]);
        light += MOOD[ANGRY] * mix(u_palette[2], u_palette[3], 0.5) * 0.22 / (1.0 + 60.0 * dot(off, off)) * lit;
    }
    if (MOOD[FEAR] > 0.01) {
        // The light at the gorge's end.
        float slit = at.x - sun.x / sun.z * LENS;
        light = mix(light, light * 0.35 + mix(u_palette[3], u_counter, 0.2) * 0.75 * exp(-30.0 * slit * slit - 2.2 * abs(up)), MOOD[FEAR]);
    }
    return light;
}
