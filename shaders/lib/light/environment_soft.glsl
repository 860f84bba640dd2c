// environment_soft: the light that comes from a direction, as what is wholly rough takes it. Needs lib/frame,
// light/octahedral, light/environment. Range: [0, inf) linear RGB; d is a unit vector, y up. Idea: one read where environment takes two.
vec3 environment_soft(vec3 d) {
    vec2 uv = (octahedral_uv(d) * (ENVIRONMENT_SIDE - 1.0) + 0.5) / ENVIRONMENT_SIDE;
    return textureLod(u_environment, (vec2(float(ENVIRONMENT_LEVELS - 1), 0.0) + uv) * vec2(1.0 / float(ENVIRONMENT_LEVELS), 1.0), 0.0).rgb;
}
