// shade: how a surface looks in the room's light: a key light, light from all around, a reflection, its own glow.
// Needs lib/frame, light/ggx, light/environment. n and v unit vectors; albedo linear RGB; occlusion and shadow [0, 1]
// (1: open, lit); returns linear RGB, [0, inf). Source: GGX with Lambert, and image-based light split in a diffuse and a
// specular part (Karis 2013).
const vec3 KEY = vec3(-0.4503, 0.6754, 0.5854);
vec3 shade(vec3 n, vec3 v, vec3 albedo, float roughness, float occlusion, float shadow) {
    float nl = dot(n, KEY), nv = max(dot(n, v), 0.0);
    float fresnel = 0.04 + 0.96 * pow(1.0 - nv, 5.0);
    // A key light with some size: light wraps a little round the terminator.
    float wrapped = max((nl + 0.2) / 1.2, 0.0);
    vec3 key = vec3(1.0, 0.96, 0.90) * u_light * 1.35 * shadow;
    vec3 light = albedo * wrapped * key;
    light += vec3(ggx(n, v, KEY, roughness, 0.04) * max(nl, 0.0)) * key * 1.3;
    vec3 around = environment(n, u_palette, 1.0), mirrored = environment(reflect(-v, n), u_palette, roughness);
    light += (albedo * around + mirrored * fresnel * (1.0 - 0.6 * roughness)) * u_fill * occlusion;
    return light;
}
// dress: the surface's own colour: the generated picture over the palette. tone [0, 1] chooses along the palette.
// Needs colour/ramp. The picture is tinted by the palette, so that it belongs to the emotion, and keeps its own drawing.
vec3 dress(vec3 picture, float tone) {
    vec3 palette = ramp(u_palette, clamp(tone, 0.0, 1.0));
    float grey = dot(picture, vec3(0.2126, 0.7152, 0.0722));
    vec3 tinted = mix(picture, palette * (0.25 + 2.2 * grey), 0.42);
    return mix(palette, tinted, u_texture_amount);
}
// haze: distance swallowed by the room. depth 0 near to 1 far. Range: linear RGB.
vec3 haze(vec3 light, float depth) {
    return mix(light, u_palette[0] * 2.0 + u_palette[1] * 0.15, clamp(u_fog * depth, 0.0, 1.0));
}
