// lay_layer: one layer of the land as a strip from its crest down, in the colour that the air leaves it. Needs lib/frame, noise/hash, form/moods, noise/rough1,
// land/lay, land/air, land/outlines, land/ridge. uv: x across in [-1, 1], y from the bottom to over the crest; near: 0 the farthest to 1 the nearest;
// base: where it stands (scene units); tall: a factor; to: where it ends below; over_water: 1, or -1 for its mirror image.
// Range: scene units, linear RGB. Idea: what is farther is paler and takes the air's colour; mist gathers at each layer's foot and parts it from the next.
out vec2 v_at;
out float v_below;       // under the crest, scene units
out float v_tuft;        // how high grass stands here, [0, 1]
flat out vec4 v_layer;   // near, seed, how rough its border is, how far it is there
out vec3 v_ink;
out vec3 v_mist;
out vec3 v_rim;
flat out vec4 v_first, v_last;
const float OVER = 0.075;
vec3 ink_of(float near, vec3 there, vec2 at) {
    vec3 dark = u_palette[0] * 0.9 + u_palette[1] * mix(0.30, 0.16, near);
    if (u_picture_strength > 0.0) {
        vec3 paint = painted_light(vec2(at.x, -0.55 + 0.3 * (1.0 - near)));
        dark = mix(dark, paint * (0.10 + 0.06 * (1.0 - near)), 0.7 * u_picture_strength);
    }
    return mix(there * 0.72, dark, smoothstep(-0.15, 0.95, near));
}
void lay_layer(vec2 uv, float near, float seed, float base, float tall, float to, float over_water, float there) {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    vec3 sun = sun_here();
    float middle = u_people > 0 ? mix(u_place[0].x, u_head[0].x, u_seen[0].w) : 0.0;
    float x = uv.x * half_picture().x * 1.02;
    float high = ridge(x, near, seed, middle) * tall;
    if (MOOD[ASLEEP] > 0.01 && seed == 2.0) high += MOOD[ASLEEP] * (sleeper((x + 0.42) * 0.86) * 1.75 - 0.4 * high);
    // Peaks lean where they thrust.
    float crest = base + high, y = mix(to, crest + OVER, uv.y);
    float slope = (ridge(x + 0.012, near, seed, middle) * tall - high) / 0.012;
    v_at = vec2(x + 0.16 * MOOD[ANGRY] * high * uv.y * sign(-x + 1e-3), SHORE + (y - SHORE) * over_water);
    v_below = crest - y;
    float tuft = 0.62 + 0.38 * sin(3.7 * x + 2.1 * seed) * sin(8.3 * x + 1.3 * seed);
    v_tuft = tuft * tuft;
    v_layer = vec4(near, seed, 0.0, there * (over_water < 0.0 ? 0.55 : 1.0));
    vec3 around = air(vec2(x, max(crest, SHORE) + 0.02), sun);
    v_ink = ink_of(near, around, v_at);
    v_mist = air(vec2(x, SHORE + 0.16), sun) * mix(0.90, 0.45, near);
    // The side that looks to the sun is lit.
    vec2 to_sun = sun.xy - vec2(x, crest);
    float facing = clamp(dot(normalize(vec2(-slope, 1.0)), normalize(to_sun + vec2(0.0, 0.05))), 0.0, 1.0);
    v_rim = mix(mix(u_palette[2], u_palette[3], 0.55), u_counter, 0.25 * (1.0 - facing)) * facing * exp(-0.9 * length(to_sun)) * (0.30 + 0.5 * u_glow) * mix(0.45, 1.0, u_presence);
    v_rim += MOOD[ANGRY] * mix(u_palette[2], u_palette[3], 0.6) * 0.40 * smoothstep(0.9, 0.2, near);
    gl_Position = land_clip(v_at);
}
