// air, sun_here, sun_direction: light from a direction over the land without disc and cloud: vapour in the palette round a low sun or moon, and its
// complement low on both sides. Needs lib/frame, form/moods, land/ground. d: unit vector, y up, z ahead. Range: linear RGB, [0, inf).
// SUN is where the sun stands: a vertex shader finds it (sun_here) and hands it to the fragment shader, which sets it before it asks.
// Idea: a gradient whose warmth gathers round the sun.
vec3 SUN;
vec3 sun_direction() { return SUN; }
vec3 sun_here() {
    float high = 0.10 + 0.09 * MOOD[HAPPY] + 0.05 * MOOD[NEUTRAL] - 0.05 * MOOD[SAD] + 0.12 * MOOD[SURPRISE] + 0.22 * MOOD[ASLEEP] - 0.04 * MOOD[FEAR] - 0.03 * MOOD[ANGRY];
    float across = 0.34 * sin(0.05 * u_phase + 1.0) * (1.0 - MOOD[FEAR]) * (1.0 - MOOD[SURPRISE]) * (1.0 - 0.8 * MOOD[HAPPY]) - 0.05 * MOOD[FEAR] - 0.30 * MOOD[ANGRY];
    // In joy and surprise it stands behind the head of who is near.
    float near = u_seen[0].w * u_place[0].w * smoothstep(0.10, 0.24, u_seen[0].z) * (MOOD[HAPPY] + MOOD[SURPRISE]);
    return normalize(vec3(mix(vec2(across, high), vec2(u_head[0].x, 0.42 + 0.25 * (u_head[0].y - 0.1)) / LENS, near), 1.0));
}
vec3 air(vec3 d) {
    float up = max(d.y, 0.0), away = 1.0 - max(dot(d, sun_direction()), 0.0);
    float lit = mix(0.55, 1.0, u_presence) * u_light;
    vec3 low = mix(u_palette[1], u_palette[2], 0.24 + 0.30 * u_fog) * 0.42 * lit, high = u_palette[0] * 0.7 + mix(u_palette[1], u_counter, 0.25) * 0.07;
    float near = exp(-13.0 * away), wide = exp(-3.2 * away - 4.0 * up), band = exp(-5.0 * up);
    // Against the sun's colour stands its complement, low on both sides.
    low += u_counter * 0.05 * smoothstep(0.02, 0.35, away) * lit;
    return mix(high, low, band) + mix(u_palette[2], u_palette[3], near) * (0.55 * near + 0.14 * wide) * lit * (1.0 - 0.45 * u_fog);
}
