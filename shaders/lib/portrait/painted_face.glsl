// painted_face: the visitor's own painted face over the carved one: its colour, and how far it covers. Needs lib/frame, portrait/pigment, and v_avatar, the
// painting's middle, half side and share in the picture. p: place in the picture; egg: 1 at the skull's edge; light: what falls on the carved face there.
// Range: linear RGB and [0, 1]. Idea: an oval with a soft edge that stays on the head; the painting's light and dark are mixed anew from the
// figure's pigments, some of its own colours stay, and the light of the room falls on both.
vec4 painted_face(vec2 p, float egg, float light, float lot) {
    vec2 spot = (p - v_avatar.xy) / max(v_avatar.z, 1e-3);
    vec2 at = 0.5 + 0.5 * spot;
    vec4 face = mix(textureLod(u_avatar_before, at, 0.0), textureLod(u_avatar, at, 0.0), u_avatar_fade);
    float oval = smoothstep(0.98, 0.70, max(length(spot), 0.90 * egg)) * face.a;
    // From the middle outwards, stroke by stroke.
    float bare = 1.0 - v_avatar.w;
    oval *= smoothstep(bare, bare + 0.25, oval * (0.75 + 0.25 * lot) * 1.25) * step(0.004, v_avatar.w);
    float grey = sqrt(dot(face.rgb, vec3(0.2126, 0.7152, 0.0722)));
    vec3 paint = mix(flesh_pigment(grey * 0.75 + 0.35 * (light - 0.4), lot), face.rgb * (0.55 + 0.75 * light), 0.45);
    return vec4(paint, oval);
}
