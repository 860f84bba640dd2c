// air, sun_here, painted_light, daylight: the light over the land without a disc: vapour in the palette that is brightest over the shore and round
// the sun. Needs lib/frame, form/moods, land/lay, colour/as_seen; a vertex shader calls moods_here() first. at: scene units.
// sun_here gives x, y and the radius of sun or moon; painted_light the composed picture's colours, without its drawing.
// Range: linear RGB, [0, inf). Idea: atmospheric perspective; a painter's picture gives a sky its colours, not its strokes.
vec3 sun_here() {
    vec2 head = u_people > 0 ? mix(vec2(u_place[0].x, 0.25), u_head[0].xy, u_seen[0].w) : vec2(0.0, 0.3);
    float side = u_people > 0 && head.x > 0.15 ? -1.0 : 1.0, near = u_people > 0 ? u_seen[0].w * u_place[0].w * smoothstep(0.10, 0.24, u_seen[0].z) : 0.0;
    vec3 sun = MOOD[NEUTRAL] * vec3(0.80 * side, 0.16, 0.125) + MOOD[SAD] * vec3(0.90 * side, 0.09, 0.075) + MOOD[ANGRY] * vec3(-0.62 * side, -0.16, 0.30)
        + MOOD[FEAR] * vec3(0.42 * side, SHORE + 0.12, 0.02) + MOOD[DISGUST] * vec3(0.72 * side, 0.30, 0.15) + MOOD[ASLEEP] * vec3(0.62, 0.42, 0.105);
    vec2 behind = vec2(head.x, mix(max(head.y, 0.1), clamp(head.y, 0.20, 0.34), near));
    return sun + MOOD[HAPPY] * vec3(behind.x + mix(0.30, 0.46, near) * side, behind.y - 0.10, mix(0.27, 0.34, near)) + MOOD[SURPRISE] * vec3(behind, 0.10);
}
vec3 painted_light(vec2 at) {
    vec2 uv = clamp(vec2(0.5, 0.46) + at / half_picture() * vec2(0.44, 0.46), 0.06, 0.94);
    vec3 low = textureLod(u_picture, uv, 4.5).rgb, before = textureLod(u_picture_before, uv, 4.5).rgb;
    return as_seen(mix(before, low, u_picture_fade));
}
// Moods keep their own light by more than half; calm is what the painter made of it.
float painted_share() { return 0.30 + 0.55 * MOOD[NEUTRAL] + 0.15 * MOOD[ASLEEP] + 0.20 * MOOD[SAD] - 0.18 * MOOD[HAPPY]; }
float daylight() { return mix(0.85, 1.30, u_presence) * (0.45 + 0.55 * u_light) * (1.0 + 0.40 * MOOD[DISGUST]); }
vec3 air(vec2 at, vec3 sun) {
    float up = clamp((at.y - SHORE) / (half_picture().y - SHORE), 0.0, 1.0), away = distance(at, sun.xy);
    vec3 low = mix(mix(u_palette[1], u_palette[2], 0.62 - 0.25 * MOOD[FEAR]), u_counter, 0.14) * mix(0.62, 0.80, u_fog) * (1.0 + 0.25 * MOOD[HAPPY]);
    // Morning: gold over the shore, clear blue only overhead.
    low = mix(low, (1.10 * u_palette[2] + 0.30 * u_palette[3]) * 0.72, 0.85 * MOOD[HAPPY]);
    vec3 high = u_palette[0] + u_palette[1] * (0.55 + 0.35 * MOOD[HAPPY] + 0.25 * MOOD[NEUTRAL]) + u_counter * 0.035;
    high = mix(high, u_counter * 0.36 + u_palette[3] * 0.06, 0.85 * MOOD[HAPPY]);
    float band = exp(-2.6 * up * (1.0 + 1.4 * MOOD[FEAR] + 0.8 * MOOD[ANGRY]));
    vec3 light = mix(high, low, band) * daylight();
    if (u_picture_strength > 0.0) {
        vec3 paint = painted_light(at);
        // Dark moods keep a dark ground under whatever was painted.
        light = mix(light, paint * mix(0.55, 1.0, band) * (0.75 + 0.25 * u_light) * mix(0.35, 0.85, u_presence), u_picture_strength * painted_share());
    }
    vec3 glow = mix(u_palette[2], u_palette[3], 0.45);
    light = mix(light, u_palette[2] * 0.75 + u_palette[3] * 0.25, 0.75 * MOOD[HAPPY] * exp(-1.5 * away));
    return light + glow * (0.50 * exp(-3.0 * away) + 0.35 * exp(-9.0 * away * away)) * daylight() * (1.0 - 0.55 * MOOD[SAD] - 0.6 * MOOD[FEAR] - 0.4 * MOOD[ASLEEP]);
}
