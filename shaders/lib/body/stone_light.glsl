// stone_light, side_light, back_light, hidden_light: how a statue is lit: a lamp that rakes over it from one side, a deep shadow, a hard rim from behind.
// Needs lib/frame, light/shade, light/environment_soft, body/grains. n: unit vector with all that is carved, smooth_n without; v to the eye; picture: the generated
// picture there; tone [0, 1] along the palette; height about [0, 1] of what is carved; open: to the room and to the lamp; wet and burnt [0, 1].
// Range: linear RGB, [0, inf). Idea: the lamp wraps round it and fades out softly; light that has gone in comes out where it turns away, a polish shines; a splinter has grains with a facet each.
float hidden_light() { return smoothstep(0.20, 0.55, u_tremble * (1.0 - u_spread)); }
vec3 side_light() { return normalize(mix(vec3(-0.76, 0.52, 0.38), vec3(0.80, 0.34, 0.46), hidden_light())); }
vec3 back_light() { return vec3(mix(0.80, -0.80, hidden_light()), 0.34, -0.46); }
vec3 stone_light(vec3 n, vec3 smooth_n, vec3 v, Grain g, vec3 picture, float tone, float height, vec2 open, float wet, float burnt) {
    vec3 side = side_light(), facet = g.lot - 0.5;
    vec3 own = dress_own(mix(vec3(0.30), picture, mix(0.70, 1.0, own_colours())), clamp(tone + 0.08 * (g.lot.y - 0.5) + (0.16 + 0.40 * wet) * (height - 0.4), 0.0, 1.0));
    float grey = dot(own, vec3(0.2126, 0.7152, 0.0722));
    vec3 pale = mix(vec3(grey), u_palette[3], 0.55) + 0.05;
    vec3 stone = mix(own, min(pale, vec3(0.55)), (0.54 - 0.20 * clamp(u_droop, 0.0, 1.0)) * (1.0 - own_colours())) / (0.65 + 0.8 * grey);
    stone *= 1.0 - 0.42 * burnt;
    float valley = smoothstep(0.05, 0.55, height);
    float key = dot(normalize(n + 0.10 * (1.0 - 0.35 * wet) * facet), side), wrapped = smoothstep(-0.18, 0.85, key);
    key = wrapped * (0.30 + 0.70 * wrapped) * mix(0.35 - 0.25 * wet, 1.0, valley) * open.y;
    vec3 light = stone * (key * 2.3 * u_light * vec3(1.0, 0.96, 0.90));
    light += stone * environment_soft(n) * (0.36 - 0.16 * hidden_light()) * u_fill * open.x * open.x * mix(0.25 - 0.15 * wet, 0.8, valley);
    light *= (0.91 + 0.18 * g.lot.x) * mix(1.03, 0.91, g.round_by * (1.0 - 0.7 * wet));
    // Light that has gone into the stone comes out again where it turns from the lamp; polish.
    float edge = smoothstep(-0.35, 0.15, dot(n, side)) * smoothstep(0.65, 0.15, dot(n, side)), polish = max(dot(n, normalize(side + v)), 0.0);
    light += stone * mix(u_palette[2], vec3(0.6), 0.3) * (0.30 * edge * open.y * u_light) + mix(vec3(1.0), u_palette[3], 0.6) * (0.22 * u_light * open.y * (1.0 - burnt)) * pow(polish, 34.0);
    // Light that the ground throws back.
    light += stone * u_palette[2] * 0.25 * max(0.1 - n.y, 0.0) * open.x;
    float away = 1.0 - max(dot(smooth_n, v), 0.0), rim = away * away * away * away * smoothstep(-0.05, 0.65, dot(n, back_light()));
    light += u_counter * rim * (2.6 + 0.8 * u_glow) * (0.75 + 0.5 * g.lot.x) * mix(0.6, 1.0, open.x);
    // Here and there a grain shines.
    light += (own + 0.25) * step(0.988, g.lot.z) * key * 0.5 * u_light * (1.0 - wet);
    if (wet > 0.01) {
        float shine = max(dot(n, normalize(side + v)), 0.0), other = max(dot(n, normalize(back_light() + v)), 0.0);
        light = light * mix(1.0, 0.62, wet) + wet * (mix(own, vec3(1.0), 0.5) * 2.2 * u_light * open.y * pow(shine, 60.0) + u_counter * 1.0 * pow(other, 26.0) + environment(reflect(-v, n), 0.25) * 0.30 * u_fill * open.x);
    }
    light += u_palette[2] * (0.2 + rim) * 1.3 * u_welcome * u_welcome;
    return light / (0.90 + 0.36 * dot(light, vec3(0.2126, 0.7152, 0.0722)));
}
