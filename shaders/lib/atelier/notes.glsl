// notes, own_view, sheet_uv: the colour notes of what is painted at a place: the composed picture's colours in the mood's plan of values, and where there is
// none a view of sky, hills and water in the palette, with the seamless picture in it. Needs lib/frame, colour/ramp, colour/as_seen, form/moods, land/lay,
// texture/worn_softly, atelier/scheme; MOOD is known. notes_share: how far a new picture has come here; each stroke has its own moment. p: scene units; lod: 0 sharp to 8 one colour. Range: linear RGB, [0, 3].
// Idea: what was composed is small: it says which colours stand where, and strokes say the rest.
vec2 sheet_uv(vec2 at) { return at / half_picture() * 0.5 + 0.5; }
float crest(float x, float seed) {
    float soft = 0.5 * sin(1.1 * x + seed) + 0.3 * sin(2.3 * x + 2.0 * seed) + 0.12 * sin(5.1 * x + seed);
    float sharp = 1.2 * abs(fract(0.45 * x + 0.13 * seed) - 0.5) + 0.6 * abs(fract(1.1 * x + 0.31 * seed) - 0.5) - 0.4;
    return mix(soft, 2.4 * sharp, MOOD[ANGRY] + 0.5 * MOOD[FEAR]);
}
vec3 own_view(vec2 p, vec3 sun, float lod) {
    float shore = -0.24 - 0.10 * MOOD[SAD], up = p.y - shore, aside = abs(p.x - sun.x);
    float glow = exp(-1.7 * distance(p, sun.xy)), t;
    float cloud = sin(2.1 * p.x + 5.0 * p.y + 1.3 * sin(1.7 * p.x)) * sin(1.3 * p.x - 7.0 * p.y + 2.0);
    if (up > 0.10 + 0.13 * crest(p.x, 1.0)) t = 0.24 + 0.36 * exp(-2.0 * up) + 0.48 * glow + 0.09 * cloud;
    else if (up > 0.03 * crest(1.7 * p.x, 4.0)) t = 0.17 + 0.20 * glow + 0.06 * cloud;
    else t = 0.20 + 0.30 * exp(-4.0 * -up) + 0.42 * exp(-aside / (0.10 + 0.30 * max(-up, 0.0))) * glow + 0.05 * sin(40.0 * p.y);
    if (p.y < -0.74 + 0.12 * crest(0.9 * p.x, 7.0)) t = 0.12 + 0.10 * glow;
    // What the seamless picture has of light and dark is the stuff of clouds and fields.
    vec3 stuff = worn_softly(p * vec2(0.30, 0.42) + 0.5, lod);
    t = max(t + (sqrt(dot(stuff, vec3(0.2126, 0.7152, 0.0722))) - 0.5) * 0.32 * u_texture_amount, 0.05);
    vec3 light = ramp(u_palette, clamp(t, 0.0, 1.0)) * (0.30 + 1.15 * t);
    light = mix(light, stuff * (0.3 + t), 0.18 * u_texture_amount);
    return light + u_counter * 0.10 * smoothstep(0.30, 0.0, t);
}
float notes_share = u_picture_fade;
vec3 notes(vec2 p, vec3 sun, float lod) {
    vec3 light = vec3(0.0);
#ifndef WHOLE_PICTURE
    light = own_view(p, sun, lod);
#endif
#ifndef NO_PICTURE
    vec2 uv = sheet_uv(p * 0.96);
    vec3 own = textureLod(u_picture, uv, lod).rgb;
#ifndef DRY_PICTURE
    own = mix(textureLod(u_picture_before, uv, lod).rgb, own, notes_share);
#endif
    own = as_seen(own);
    // Moods keep a share of their own colour, calm hardly any.
    float value = dot(own, vec3(0.2126, 0.7152, 0.0722)), share = 0.52 + 0.12 * MOOD[ANGRY] + 0.16 * (MOOD[FEAR] + MOOD[SURPRISE]) + 0.08 * MOOD[DISGUST] - 0.48 * MOOD[NEUTRAL] - 0.3 * MOOD[ASLEEP];
    own = mix(own, ramp(u_palette, clamp(1.05 * sqrt(value) - 0.05, 0.0, 1.0)) * (0.25 + 1.3 * value), share);
    light = mix(light, own, u_picture_strength);
#endif
    return light * scheme(p, sun);
}
