// picture, picture_soft, picture_in_strokes: the composed picture in linear light; another one is laid over the one before in strokes.
// The last lays it wholly in strokes, for where it is seen much larger than it is. Needs lib/frame, noise/hash, noise/lots,
// picture/strokes. uv: (0, 0) at its bottom left; lod: 0 sharp to 8 one colour. Range: linear RGB, [0, 1].
// Idea: two layers of strokes, large ones first and then finer ones across them; what is dark in the new picture is blocked in first.
// DRY_PICTURE is defined where none is being laid (docs/shaders.md).
vec3 picture(vec2 uv) {
    vec3 now = texture(u_picture, uv).rgb;
#ifdef DRY_PICTURE
    return now;
#else
    if (u_picture_fade >= 1.0) return now;
    vec2 place = uv * vec2(1.333, 1.0);
    float new_paint = 0.0;
    for (int n = 0; n < 2; n++) {
        vec2 way = n == 0 ? vec2(0.921, 0.389) : vec2(0.629, -0.777);
        Stroke s = strokes(place, n == 0 ? 0.062 : 0.034, way, n);
        float dark = sqrt(dot(textureLod(u_picture, s.middle * vec2(0.75, 1.0), 4.0).rgb, vec3(0.2126, 0.7152, 0.0722)));
        float moment = 0.45 * s.lot.x + 0.55 * dark;
        new_paint = max(new_paint, stroke_wet(s, n == 0 ? u_picture_fade * 1.15 : u_picture_fade * 1.5 - 0.5, moment));
    }
    return mix(textureLod(u_picture_before, uv, 0.0).rgb, now, new_paint);
#endif
}
vec3 picture_soft(vec2 uv, float lod) {
    vec3 now = textureLod(u_picture, uv, lod).rgb;
#ifdef DRY_PICTURE
    return now;
#else
    return mix(textureLod(u_picture_before, uv, lod).rgb, now, u_picture_fade);
#endif
}
vec3 picture_in_strokes(vec2 uv) {
    vec2 place = uv * vec2(1.333, 1.0);
    vec3 paint = vec3(0.0);
    for (int n = 0; n < 3; n++) {
        // Broad and level strokes, then finer ones across them, which leave some of the ground to be seen.
        float size = n == 0 ? 0.026 : n == 1 ? 0.015 : 0.009;
        Stroke s = strokes(place, size, STROKE_WAYS[n], 5 + n);
        vec3 own = picture_soft(clamp(s.middle * vec2(0.75, 1.0), 0.02, 0.98), n == 0 ? 2.6 : n == 1 ? 1.9 : 1.0);
        float there = n == 0 ? 1.0 : stroke_cover(s) * step(n == 1 ? 0.25 : 0.45, s.lot.z);
        paint = mix(paint, own * (0.93 + 0.08 * s.lot.y + 0.09 * s.hair + 0.05 * s.side), there);
    }
    return paint;
}
