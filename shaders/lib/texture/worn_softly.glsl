// worn_softly: the generated picture at a coarser level, fading from the one before to the newest, in linear light.
// Needs lib/frame. lod: 0 as it is, each one more half as fine. Range: linear RGB, [0, 1]. Idea: as worn, where no derivatives are.
vec3 worn_softly(vec2 uv, float lod) {
    vec3 now = textureLod(u_texture, uv, lod).rgb;
    return u_texture_share < 1.0 ? mix(textureLod(u_texture_before, uv, lod).rgb, now, u_texture_share) : now;
}
