// ridge, sleeper: how high a layer of land stands over its base, by what the mood makes of land. Needs lib/frame, noise/hash, noise/rough1, land/outlines, form/moods.
// sleeper is the outline of somebody who lies. x: scene units; near: 0 the farthest layer to 1 the nearest; seed: the layer's own; middle: where the visitor stands; u_relief
// is the scene's parameter. Range: scene units, about [-0.1, 0.7]. Idea: each mood has one line that a brush could draw in one stroke:
// long falling slopes, thrusting spires, huddled lumps, clots, hills that open, a crater's rim, a level line, and asleep somebody who lies.
uniform float u_relief;
float falling(float x, float seed) {
    float i = floor(x), f = x - i, lot = 0.45 + 0.55 * lot1(i, seed), next = 0.45 + 0.55 * lot1(i + 1.0, seed);
    return max(lot * pow(1.0 - f, 1.35), next * smoothstep(0.84, 1.0, f));
}
// Somebody who lies on their back far away, feet to the left: toes, knees, belly, breast, chin, nose and brow.
const vec2 SLEEPS[20] = vec2[20](vec2(-1.06, 0.0), vec2(-0.93, 0.03), vec2(-0.88, 0.105), vec2(-0.82, 0.07), vec2(-0.66, 0.09), vec2(-0.43, 0.165), vec2(-0.26, 0.11), vec2(-0.08, 0.105), vec2(0.06, 0.125),
    vec2(0.18, 0.115), vec2(0.36, 0.175), vec2(0.52, 0.09), vec2(0.565, 0.085), vec2(0.615, 0.132), vec2(0.65, 0.128), vec2(0.695, 0.165), vec2(0.735, 0.142), vec2(0.80, 0.160), vec2(0.90, 0.07), vec2(1.04, 0.0));
float sleeper(float x) {
    float high = 0.0;
    for (int n = 0; n < 19; n++) {
        vec2 a = SLEEPS[n], b = SLEEPS[n + 1];
        if (x >= a.x && x < b.x) high = mix(a.y, b.y, smoothstep(a.x, b.x, x));
    }
    return high + 0.010 * sin(0.5 * u_phase) * exp(-pow((x - 0.36) / 0.14, 2.0));
}
float ridge(float x, float near, float seed, float middle) {
    float from = x - middle, aside = abs(from), high = 0.0, far = 1.0 - near;
    if (MOOD[NEUTRAL] > 0.01) high += MOOD[NEUTRAL] * (0.05 + 0.13 * far) * rough1(1.1 * x, seed);
    if (MOOD[SAD] > 0.01) high += MOOD[SAD] * ((0.20 + 0.46 * far) * falling(0.40 * x + 0.37 * seed, seed) + 0.03 * rough1(2.0 * x, seed));
    if (MOOD[ANGRY] > 0.01) {
        float rise = mix(0.30, 1.0, smoothstep(0.15, 1.1, aside));
        high += MOOD[ANGRY] * rise * ((0.42 + 0.30 * far) * spires(1.9 * x, seed) + 0.20 * spires(4.7 * x, seed + 2.0) + 0.05 * spires(13.0 * x, seed + 4.0));
    }
    if (MOOD[FEAR] > 0.01) high += MOOD[FEAR] * ((0.11 + 0.08 * far) * lumps(3.1 * x, seed) * mix(1.0, 0.45, smoothstep(0.2, 1.5, aside)) + 0.03 * rough1(5.0 * x, seed));
    if (MOOD[DISGUST] > 0.01) {
        float bent = x + 0.07 * sin(5.0 * x + 4.0 * seed + 0.1 * u_phase);
        high += MOOD[DISGUST] * (0.20 * lumps(1.5 * bent, seed) + 0.11 * lumps(3.7 * bent, seed + 2.0) + 0.05 * lumps(9.0 * bent, seed + 4.0));
    }
    if (MOOD[HAPPY] > 0.01) {
        float open = smoothstep(0.25, 1.9, aside);
        high += MOOD[HAPPY] * ((0.10 + 0.55 * open * open) * mix(1.0, 0.5, near) + 0.10 * sin(1.9 * x + 2.4 * seed) * sin(1.9 * x + 2.4 * seed) + 0.02 * rough1(3.0 * x, seed));
    }
    if (MOOD[SURPRISE] > 0.01) {
        float rim = 0.85 + 0.22 * near, wall = (aside - rim) / (aside < rim ? 0.16 : 0.55);
        high += MOOD[SURPRISE] * ((0.26 + 0.20 * far) * exp(-wall * wall) * (0.75 + 0.5 * spires(3.3 * x, seed)) + 0.03 * rough1(4.0 * x, seed));
    }
    if (MOOD[ASLEEP] > 0.01) high += MOOD[ASLEEP] * ((0.05 + 0.10 * far) * rough1(1.0 * x, seed) + 0.0);
    return high * u_relief;
}
