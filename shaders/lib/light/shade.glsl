// shade: how a surface looks in the room's light: a key light, light from all around, a reflection, its own glow.
// Needs lib/frame, light/ggx, light/environment. n and v unit vectors; albedo linear RGB; occlusion and shadow [0, 1]
// (1: open, lit); returns linear RGB, [0, inf). Source: GGX with Lambert, and image-based light split in a diffuse and a
// specular part (Karis 2013).
#include "lib/light/own_colours.glsl"
#include "lib/light/key.glsl"
vec3 shade(vec3 n, vec3 v, vec3 albedo, float roughness, float occlusion, float shadow) {
    float nl = dot(n, KEY), nv = max(dot(n, v), 0.0);
    float fresnel = 0.04 + 0.96 * pow(1.0 - nv, 5.0);
    // A key light with some size: light wraps a little round the terminator.
    float wrapped = max((nl + 0.2) / 1.2, 0.0);
    vec3 key = vec3(1.0, 0.96, 0.90) * u_light * 1.35 * shadow;
    vec3 light = albedo * wrapped * key;
    light += vec3(ggx(n, v, KEY, roughness, 0.04) * max(nl, 0.0)) * key * 1.3;
    vec3 around = environment(n, 1.0), mirrored = environment(reflect(-v, n), roughness);
    // A picture in its own colours is seen in white light.
    around = mix(around, vec3(dot(around, vec3(0.2126, 0.7152, 0.0722))), 0.85 * own_colours());
    // The second light, from behind: it parts a form from a ground that is as dark.
    float rim = fresnel * fresnel * max(dot(n, vec3(0.62, 0.62, -0.48)) + 0.3, 0.0);
    light += mix(u_palette[3], u_counter, 0.6) * rim * 1.4 * occlusion;
    light += (albedo * around + mirrored * fresnel * (1.0 - 0.6 * roughness)) * u_fill * occlusion;
    return light;
}
// dress, dress_in: the surface's own colour: the generated picture in the palette's colours. tone [0, 1] chooses along the palette.
// Needs colour/ramp. Idea: the picture's light and dark move the tone along the palette, so that its drawing shows in the
// emotion's own colours; some of its own colour stays, and all of it where the picture is asked for at full strength.
vec3 dress_in(vec3 palette[4], vec3 picture, float tone) {
    float grey = sqrt(dot(picture, vec3(0.2126, 0.7152, 0.0722)));
    float moved = tone + (grey - 0.55) * 1.1 * u_texture_amount;
    vec3 painted = ramp(palette, clamp(moved, 0.0, 1.0)) * mix(1.0, 0.45 + grey, u_texture_amount);
    float own = own_colours();
    return mix(painted, picture * mix(0.35 + palette[3], vec3(1.0), own), mix(0.30 * u_texture_amount, 1.0, own));
}
vec3 dress(vec3 picture, float tone) { return dress_in(u_palette, picture, tone); }
// dress_own: the same in the colours of the visitor whose shape is drawn; alone they are the palette's.
vec3 dress_own(vec3 picture, float tone) {
    int at = u_shape * 4;
    vec3 palette[4] = vec3[4](u_own_palette[at], u_own_palette[at + 1], u_own_palette[at + 2], u_own_palette[at + 3]);
    return dress_in(palette, picture, tone);
}
// haze, haze_at: distance swallowed by the room as it is drawn at a place of the picture: at this pixel (haze), or at one that is given,
// (0, 0) at the bottom left. depth 0 near to 1 far. Range: linear RGB. A vertex shader has no pixel: it defines HAZE_PLACE, or uses haze_at.
vec3 haze_at(vec3 light, float depth, vec2 place) {
    return mix(light, textureLod(u_backdrop, place, 0.0).rgb + u_palette[1] * 0.04, clamp(u_fog * depth, 0.0, 1.0));
}
#ifndef HAZE_PLACE
#define HAZE_PLACE (u_part.xy + gl_FragCoord.xy / u_resolution)
#endif
#define haze(light, depth) haze_at(light, depth, HAZE_PLACE)
