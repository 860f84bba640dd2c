// notes, sheet_uv: the colour of what is painted at a place: the motif's light and dark, in the palette and in the composed picture's hues. Needs lib/frame,
// colour/ramp, colour/as_seen, form/moods, land/lay, texture/worn_softly, atelier/motif; MOOD is known. notes_share: how far a new picture has come here; each stroke has its own
// moment. p: scene units; m: of motif there; lod: 0 sharp to 8 one colour. Range: linear RGB, [0, 3].
// Idea: what was composed is small: it says which colours stand where, the motif says how light, and strokes say the rest.
const vec3 WEIGHTS = vec3(0.2126, 0.7152, 0.0722);
vec2 sheet_uv(vec2 at) { return at / half_picture() * 0.5 + 0.5; }
float notes_share = u_picture_fade;
vec3 notes(vec2 p, Motif m, float lod) {
    float t = max(m.tone, 0.02);
#ifndef WHOLE_PICTURE
    // What the seamless picture has of light and dark is the stuff of clouds and fields.
    vec3 stuff = worn_softly(p * vec2(0.30, 0.42) + 0.5, lod);
    t *= 1.0 + (sqrt(dot(stuff, WEIGHTS)) - 0.5) * 0.5 * u_texture_amount;
#endif
    vec3 light = mix(ramp(u_palette, clamp(t, 0.0, 1.0)), u_counter, m.cool) * (0.14 + 1.30 * t);
#ifndef NO_PICTURE
    vec2 uv = sheet_uv(p * 0.96);
    vec3 own = textureLod(u_picture, uv, lod).rgb;
#ifndef DRY_PICTURE
    own = mix(textureLod(u_picture_before, uv, lod).rgb, own, notes_share);
#endif
    own = as_seen(own);
    // Moods keep their own colours, calm takes the picture's, and its light.
    float value = dot(light, WEIGHTS), hers = dot(own, WEIGHTS);
    own *= mix(mix(value, hers, 0.15) / max(hers, 0.03), min(0.42 + 0.80 * t, 1.0), 0.90 * (MOOD[NEUTRAL] + MOOD[ASLEEP]));
    light = mix(light, own, u_picture_strength * (0.22 + 0.73 * MOOD[NEUTRAL] + 0.4 * MOOD[ASLEEP]));
#endif
    return light;
}
