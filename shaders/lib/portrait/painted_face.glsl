// painted_face: the visitor's own painted face over the carved one: its colour, and how far it covers. Needs lib/frame, portrait/pigment, and v_avatar, the
// painting's middle, half side and share in the picture. p: place in the picture; egg: 1 at the skull's edge; light: what falls on the carved face there.
// Range: linear RGB and [0, 1]. Idea: an oval with a soft edge that stays on the head. What is light and dark in the painting beside its own
// mean is worked into the light that falls on the head, and mixed anew from the figure's pigments; some of its own colours stay.
vec4 painted_face(vec2 p, float egg, float light, float lot) {
    vec2 spot = (p - v_avatar.xy) / max(v_avatar.z, 1e-3);
    vec2 at = 0.5 + 0.5 * spot;
    vec4 face = mix(textureLod(u_avatar_before, at, 0.0), textureLod(u_avatar, at, 0.0), u_avatar_fade);
    float oval = smoothstep(1.0, 0.55, max(length(spot * vec2(1.08, 0.95)), 0.95 * egg)) * face.a;
    // From the middle outwards, stroke by stroke.
    float bare = 1.0 - v_avatar.w;
    oval *= smoothstep(bare, bare + 0.25, oval * (0.75 + 0.25 * lot) * 1.25) * step(0.004, v_avatar.w);
    float grey = sqrt(dot(face.rgb, vec3(0.2126, 0.7152, 0.0722)));
    // The head's roundness keeps its own light and shadow; the painting tells the features.
    float side = dot(spot, v_key.xy), room = clamp(0.62 + 0.62 * side, 0.10, 1.05);
    float t = room * (0.12 + 1.15 * grey);
    vec3 paint = mix(flesh_pigment(t, lot), face.rgb * (0.15 + 1.15 * room), 0.38);
    return vec4(paint, oval);
}
