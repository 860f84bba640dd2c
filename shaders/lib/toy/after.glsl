// after: what stands behind a fragment file with mainImage: gives it its numbers and takes its colour.
// Range: colours of any brightness; one that is no number is black. Idea: a display's colour becomes light, so that glow
// and tone map treat it as all else; LINEAR and COVER, defined in the file, say that it gives light, and how much it covers.
vec4 toy_mouse() {
    // The hand that is seen best, of the first visitor: where it is in the picture, in pixels.
    vec4 left = u_joints[LEFT_WRIST], right = u_joints[RIGHT_WRIST], hand = right.w >= left.w ? right : left;
    vec2 at = hand.w > 0.0 ? hand.xy * 3.4 / (3.4 - min(hand.z, 2.0)) : u_place[0].xy;
    vec2 pixels = at * 0.5 * min(u_resolution.x, u_resolution.y) + 0.5 * u_resolution;
    return vec4(pixels, hand.w > 0.5 ? pixels : -pixels);
}
void main() {
    iResolution = vec3(u_resolution, 1.0);
    iTime = u_time;
    iTimeDelta = u_dt;
    iFrame = u_frame;
    iMouse = toy_mouse();
    iChannelResolution[0] = vec3(textureSize(iChannel0, 0), 1.0);
    vec4 colour = vec4(0.0, 0.0, 0.0, 1.0);
    mainImage(colour, v_uv * u_resolution);
    // By its bits: compilers may take isnan for never true.
    uvec4 exponent = floatBitsToUint(colour) & 0x7f800000u;
    if (any(equal(exponent, uvec4(0x7f800000u)))) colour = vec4(0.0, 0.0, 0.0, 1.0);
    vec3 light = max(colour.rgb, 0.0);
#ifndef LINEAR
    light = mix(light / 12.92, pow((light + 0.055) / 1.055, vec3(2.4)), step(0.04045, light));
#endif
#ifdef COVER
    float cover = clamp(colour.a, 0.0, 1.0);
#else
    float cover = 1.0;
#endif
    f_colour = vec4(light * u_fade, cover * u_fade);
}
