// land_clip, half_picture: the land's picture is flat, one paper behind the other. Needs lib/frame.
// at: scene units (half the shorter side is 1, y up); layers are drawn in their order, so there is no depth. Range: clip space.
// Idea: ink painting has no ground plane either: what is farther is higher and paler. SHORE is where land and water meet.
const float SHORE = -0.36;
vec2 half_picture() { return u_resolution / min(u_resolution.x, u_resolution.y); }
vec4 land_clip(vec2 at) {
    vec2 middle = (u_part.xy + 0.5 * u_part.zw) * 2.0 - 1.0;
    return vec4((at / half_picture() - middle) / u_part.zw, 0.0, 1.0);
}
