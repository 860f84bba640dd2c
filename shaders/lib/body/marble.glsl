// marble: how a statue's stone looks in the room: pale stone that light goes into, wet where the mood is, folds dark in the
// valleys, a rim in the light from behind. Needs lib/frame, light/shade, colour/ramp, noise/swell3. p, n, v as in shade, smooth_n without the
// folds; tone [0, 1] along the palette; height about [0, 1] of the folds there; open: to the room and to the key light;
// own: the figure's size, how wet it is [0, 1], how near, how much light comes through [0, 1].
// Range: linear RGB, [0, inf). Idea: the stone is one; the palette is the light that scatters within it, most at the edge of the shadow.
vec3 marble(vec3 p, vec3 n, vec3 smooth_n, vec3 v, vec3 picture, float tone, float height, vec2 open, vec4 own) {
    float valley = smoothstep(-0.05, 0.65, height), wet = own.y, thin = own.w;
    float vein = swell3(p / own.x * vec3(2.3, 1.3, 2.3) + 7.0 * u_self[u_shape].x);
    vec3 tint = dress_own(mix(vec3(0.30), picture, mix(0.70, 1.0, own_colours())), tone + 0.10 * height + (0.10 + 0.30 * wet) * vein);
    float grey = dot(tint, vec3(0.2126, 0.7152, 0.0722));
    vec3 stone = mix(vec3(grey), u_palette[3], 0.30) * 1.15 + 0.10;
    stone = min(stone, vec3(0.52));
    vec3 albedo = mix(tint, stone, 0.42 * (1.0 - own_colours())) / (0.72 + 0.75 * grey);
    float occlusion = open.x * open.x * mix(0.16, 0.72, valley) * mix(0.30, 1.0, smoothstep(-1.1, 0.9, n.y - 0.5 * n.x));
    vec3 light = shade(n, v, albedo, mix(max(u_roughness, 0.45), 0.24, wet), occlusion, 1.95 * open.y * mix(0.22, 1.0, valley));
    // Light that went in and comes out round the edge of the shadow.
    float wrap = dot(n, KEY), within = smoothstep(-0.75, 0.15, wrap) * smoothstep(0.80, 0.05, wrap);
    light += tint * sqrt(tint) * ((0.38 + 0.7 * thin) * within + thin * pow(max(0.5 - 0.5 * wrap, 0.0), 1.5) * 0.8) * u_light * open.x;
    // A film of water over it, that the folds hardly bend.
    light += vec3(1.2 * wet * u_light * open.y * pow(max(dot(normalize(mix(smooth_n, n, 0.35)), normalize(KEY + v)), 0.0), 70.0));
    float rim = pow(1.0 - max(dot(smooth_n, v), 0.0), 3.0) * smoothstep(-0.3, 0.7, smooth_n.y + 0.8 * abs(smooth_n.x));
    light += u_counter * rim * (0.80 + 0.5 * u_glow) * open.x;
    light += u_palette[2] * (0.22 + rim) * 1.3 * u_welcome * u_welcome;
    // The palest parts keep their modelling.
    return light / (0.86 + 0.42 * dot(light, vec3(0.2126, 0.7152, 0.0722)));
}
