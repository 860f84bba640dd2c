// sky: light from a direction over the land: vapour in the palette, a low sun or moon, the generated picture as cloud. Needs
// lib/frame, texture/worn. d: unit vector, y up, z ahead; blur [0, 1]: 0 with the sun's disc, 1 as a rough surface mirrors it.
// Range: linear RGB, [0, inf). Idea: a gradient whose warmth gathers round the sun, and thin cloud on a ceiling that runs to
// the horizon, so that it streams towards the vanishing point.
vec3 sun_direction() {
    float high = 0.10 - 0.10 * u_droop + 0.07 * u_spread - 0.05 * u_fog;
    return normalize(vec3(0.34 * sin(0.05 * u_phase + 1.0), max(high, 0.015), 1.0));
}
vec3 sky(vec3 d, float blur) {
    vec3 sun = sun_direction();
    float up = max(d.y, 0.0), towards = max(dot(d, sun), 0.0);
    float lit = mix(0.35, 1.0, u_presence) * u_light;
    vec3 low = mix(u_palette[1], u_palette[2], 0.30 + 0.25 * u_fog) * 0.42 * lit, high = u_palette[0] * 0.6 + u_palette[1] * 0.05;
    vec3 light = mix(low, high, 1.0 - exp(-5.5 * up));
    float near = exp(-11.0 * (1.0 - towards)), wide = exp(-2.6 * (1.0 - towards));
    light += mix(u_palette[2], u_palette[3], near) * (0.55 * near + 0.12 * wide * exp(-3.0 * up)) * lit * (1.0 - 0.55 * u_fog);
    vec2 ceiling = d.xz / (up + 0.09);
    vec2 uv = ceiling * vec2(0.10, 0.05) + vec2(0.008, 0.022) * u_phase + u_twist * 0.05 * vec2(ceiling.y, -ceiling.x);
    vec3 cloud = worn(u_texture_before, u_texture, u_texture_share, uv);
    float body = dot(cloud, vec3(0.3333)), veil = smoothstep(0.0, 0.05, d.y) * exp(-1.3 * up) * (0.35 + 0.65 * u_texture_amount);
    // Cloud hides the sky, and where it is thin round the sun it burns.
    light *= mix(1.0, 0.35 + 1.5 * body, veil);
    light += cloud * (0.10 * low + 0.30 * u_palette[2] * near * lit) * veil;
    float disc = smoothstep(0.99915 - 0.004 * u_fog, 0.99965, towards);
    light += u_palette[3] * disc * (1.0 - blur) * lit * 2.2 * (1.0 - 0.8 * u_fog);
    return light;
}
