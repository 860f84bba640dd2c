// worn: the generated picture in linear light, fading from the one before to the newest. uv repeats without a seam.
// Range: linear RGB, [0, 1]. Idea: a mix by share; once the newest has faded in, only it is read: half the cost.
vec3 worn(sampler2D before, sampler2D newest, float share, vec2 uv) {
    vec3 now = texture(newest, uv).rgb;
    return share < 1.0 ? mix(texture(before, uv).rgb, now, share) : now;
}
