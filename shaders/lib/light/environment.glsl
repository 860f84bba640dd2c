// environment: the light that comes from a direction, blurred as a surface of this roughness mirrors it.
// Needs lib/frame, light/octahedral. Range: [0, inf) linear RGB; d is a unit vector, y up; roughness [0, 1], 1 for diffuse light.
// Idea: passes/environment.frag has drawn the room for four roughnesses side by side; two neighbours are mixed.
const int ENVIRONMENT_LEVELS = 4;
const float ENVIRONMENT_SIDE = 48.0;
vec3 environment(vec3 d, float roughness) {
    // Half a pixel of margin keeps the levels apart.
    vec2 uv = (octahedral_uv(d) * (ENVIRONMENT_SIDE - 1.0) + 0.5) / ENVIRONMENT_SIDE;
    float level = clamp(roughness, 0.0, 1.0) * float(ENVIRONMENT_LEVELS - 1), low = min(floor(level), float(ENVIRONMENT_LEVELS - 2));
    vec2 size = vec2(1.0 / float(ENVIRONMENT_LEVELS), 1.0);
    vec3 a = texture(u_environment, (vec2(low, 0.0) + uv) * size).rgb;
    vec3 b = texture(u_environment, (vec2(low + 1.0, 0.0) + uv) * size).rgb;
    return mix(a, b, level - low);
}
