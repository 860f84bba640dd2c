// environment_sharp: the light that comes from a direction, as glass mirrors it: the sharpest of the room's four. Needs lib/frame,
// light/octahedral, light/environment. Range: [0, inf) linear RGB; d is a unit vector, y up. Idea: one read where environment takes two.
vec3 environment_sharp(vec3 d) {
    vec2 uv = (octahedral_uv(d) * (ENVIRONMENT_SIDE - 1.0) + 0.5) / ENVIRONMENT_SIDE;
    return textureLod(u_environment, uv * vec2(1.0 / float(ENVIRONMENT_LEVELS), 1.0), 0.0).rgb;
}
