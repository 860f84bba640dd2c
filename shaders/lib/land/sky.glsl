// air, sky, sun_direction: light from a direction over the land: vapour in the palette round a low sun or moon (air); with
// the sun's disc and the generated picture as cloud (sky). Needs lib/frame, texture/worn. d: unit vector, y up, z ahead. Range:
// linear RGB, [0, inf). Idea: a gradient whose warmth gathers round the sun, and thin cloud on a ceiling that runs to
// the horizon, so that it streams towards the vanishing point.
vec3 sun_direction() {
    float high = 0.10 - 0.10 * u_droop + 0.07 * u_spread - 0.05 * u_fog;
    return normalize(vec3(0.34 * sin(0.05 * u_phase + 1.0), max(high, 0.015), 1.0));
}
vec3 air(vec3 d) {
    float up = max(d.y, 0.0), away = 1.0 - max(dot(d, sun_direction()), 0.0);
    float lit = mix(0.40, 1.0, u_presence) * u_light;
    vec3 low = mix(u_palette[1], u_palette[2], 0.22 + 0.30 * u_fog) * 0.36 * lit, high = u_palette[0] * 0.5 + u_palette[1] * 0.02;
    float near = exp(-13.0 * away), wide = exp(-3.2 * away - 4.0 * up);
    return mix(high, low, exp(-7.0 * up)) + mix(u_palette[2], u_palette[3], near) * (0.50 * near + 0.12 * wide) * lit * (1.0 - 0.55 * u_fog);
}
vec3 sky(vec3 d) {
    float up = max(d.y, 0.0), towards = max(dot(d, sun_direction()), 0.0);
    float lit = mix(0.40, 1.0, u_presence) * u_light;
    vec3 light = air(d);
    vec2 ceiling = d.xz / (up + 0.09);
    vec2 uv = ceiling * vec2(0.10, 0.05) + vec2(0.008, 0.022) * u_phase + u_twist * 0.05 * vec2(ceiling.y, -ceiling.x);
    vec3 cloud = worn(u_texture_before, u_texture, u_texture_share, uv);
    float body = dot(cloud, vec3(0.3333)), veil = smoothstep(0.0, 0.05, d.y) * exp(-1.6 * up) * (0.35 + 0.65 * u_texture_amount);
    // Cloud hides the sky, and where it is thin round the sun it burns.
    light *= mix(1.0, 0.30 + 1.5 * body, veil);
    light += cloud * u_palette[2] * (0.05 + 0.25 * exp(-13.0 * (1.0 - towards))) * lit * veil;
    float disc = smoothstep(0.99965 - 0.002 * u_fog, 0.99985, towards);
    return light + u_palette[3] * disc * lit * 1.6 * (1.0 - 0.85 * u_fog);
}
