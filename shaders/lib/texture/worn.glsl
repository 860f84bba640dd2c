// worn: the generated picture in linear light, fading from the one before to the newest. uv repeats without a seam.
vec3 worn(sampler2D before, sampler2D newest, float share, vec2 uv) {
    return mix(texture(before, uv).rgb, texture(newest, uv).rgb, share);
}
