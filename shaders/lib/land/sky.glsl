// sky: light from a direction over the land, with the sun's or moon's disc and the generated picture as cloud. Needs lib/frame, form/moods,
// land/air, texture/worn. d: unit vector, y up, z ahead. Range: linear RGB, [0, inf). Idea: thin cloud on a ceiling that runs to the horizon,
// so that it streams towards the vanishing point; the disc has a darker limb (Eddington's law), a veil of cloud before it, a halo.
// The disc, its limb and its halo: in rgb its light where body [0, 1] is the cloud before it.
vec3 sun_disc(vec3 d, float body) {
    vec3 sun = sun_direction();
    float size = 0.042 + 0.040 * MOOD[HAPPY] + 0.030 * MOOD[ANGRY] + 0.018 * MOOD[SURPRISE] - 0.012 * MOOD[FEAR] + 0.030 * MOOD[ASLEEP];
    vec2 off = (d.xy / max(d.z, 0.05) - sun.xy / sun.z) / size;
    float r2 = dot(off, off), limb = sqrt(max(1.0 - r2, 0.0)), edge = smoothstep(1.06, 0.94, r2);
    // With nobody there it is a moon, three quarters in shadow.
    float phase = mix(1.0, smoothstep(-0.15, 0.55, -0.72 * off.x + 0.45 * off.y + 0.25 * limb), MOOD[ASLEEP]);
    float veil = 1.0 - smoothstep(0.25, 0.60, body) * (0.35 + 0.5 * u_fog + 0.25 * MOOD[SAD]);
    vec3 face = mix(u_palette[2], u_palette[3], 0.35 + 0.65 * limb) * (0.50 + 0.75 * limb) * phase * edge;
    float halo = 1.0 / (1.0 + 0.9 * r2) + 0.30 / (1.0 + 0.05 * r2);
    return face * veil * 1.5 + mix(u_palette[2], u_palette[3], 0.6) * 0.26 * halo * (0.6 + 0.8 * body);
}
vec3 sky(vec3 d) {
    float up = max(d.y, 0.0), towards = max(dot(d, sun_direction()), 0.0);
    float lit = mix(0.55, 1.0, u_presence) * u_light;
    vec3 light = air(d);
    vec2 ceiling = d.xz / (up + 0.09);
    vec2 uv = ceiling * vec2(0.10, 0.05) + vec2(0.008, 0.022) * u_phase + u_twist * 0.05 * vec2(ceiling.y, -ceiling.x);
    vec3 cloud = worn(u_texture_before, u_texture, u_texture_share, uv);
    float body = dot(cloud, vec3(0.3333)), veil = smoothstep(0.0, 0.05, d.y) * exp(-1.6 * up) * (0.35 + 0.65 * u_texture_amount);
    // Cloud hides the sky, and where it is thin round the sun it burns.
    light *= mix(1.0, 0.30 + 1.5 * body, veil);
    light += mix(cloud, vec3(body), 0.5) * mix(u_palette[2], u_counter, 0.25 * (1.0 - towards)) * (0.06 + 0.25 * exp(-13.0 * (1.0 - towards))) * lit * veil;
    return light + sun_disc(d, body) * lit * (1.0 - 0.5 * u_fog);
}
