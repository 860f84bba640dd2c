// marble: how a statue's stone or cloth looks in the room: veined stone that light goes into, folds dark in the valleys, a rim in the light
// from behind. Needs lib/frame, light/shade, colour/ramp, noise/swell3. p, n, v as in shade, smooth_n without the
// folds; tone [0, 1] along the palette; height
// about [0, 1] of the folds there; open: to the room and to the key light; thin [0, 1]: how much light comes through.
// Range: linear RGB, [0, inf). Idea: wrap of the key light tinted by the palette stands for what scatters within.
vec3 marble(vec3 p, vec3 n, vec3 smooth_n, vec3 v, vec3 picture, float tone, float height, vec2 open, float thin) {
    float valley = smoothstep(-0.05, 0.65, height);
    vec3 albedo = dress_own(mix(vec3(0.30), picture, mix(0.60, 1.0, own_colours())), tone + 0.10 * height);
    float grey = dot(albedo, vec3(0.2126, 0.7152, 0.0722));
    // Stone is pale: the palette colours it and does not dye it.
    albedo = mix(albedo, mix(vec3(grey), u_palette[3], 0.6) * 1.2 + 0.06, 0.17);
    float occlusion = open.x * open.x * mix(0.20, 0.75, valley) * mix(0.30, 1.0, smoothstep(-1.1, 0.9, n.y - 0.5 * n.x));
    vec3 light = shade(n, v, albedo, max(u_roughness, 0.30), occlusion, 1.75 * open.y * mix(0.35, 1.0, valley));
    // Light that went in and comes out round the edge of the shadow.
    float wrap = dot(n, KEY), within = smoothstep(-0.55, 0.25, wrap) * smoothstep(0.75, 0.05, wrap);
    light += albedo * sqrt(albedo) * (0.22 + 0.7 * thin) * within * u_light * open.x;
    light += albedo * sqrt(albedo) * thin * pow(max(0.5 - 0.5 * wrap, 0.0), 1.5) * u_light * 0.8;
    float rim = pow(1.0 - max(dot(smooth_n, v), 0.0), 3.0) * smoothstep(-0.3, 0.7, smooth_n.y + 0.8 * abs(smooth_n.x));
    light += u_counter * rim * (0.55 + 0.5 * u_glow) * open.x;
    light += u_palette[2] * (0.22 + rim) * 1.3 * u_welcome * u_welcome;
    return light;
}
