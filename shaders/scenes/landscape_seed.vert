#version 330 core
// What drifts over the land: rain, embers, blossoms that rise, sparks that fly apart, drops of slime, ash before the light, birds, stars.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/land/lay.glsl"
#include "lib/land/air.glsl"

in vec2 in_uv;

out vec2 v_on;         // place on the quad, [-1, 1]
flat out vec4 v_kind;  // light, how soft, wings, how far it is there
flat out vec3 v_colour;

uniform float u_seeds;

void main() {
    moods_here();
    vec3 sun = sun_here();
    vec2 wide = half_picture(), on = vec2(in_uv.x, in_uv.y * 2.0 - 1.0);
    vec4 lot = lots(gl_InstanceID + 977);
    int kind = mood_by_lot(float[7](MOOD[0], MOOD[1], MOOD[2], MOOD[3], MOOD[4], MOOD[5], MOOD[6]), lot.w * 0.999);
    bool sleeps = MOOD[ASLEEP] > 0.5;
    float share = (float(gl_InstanceID) + 0.5) / max(u_seeds, 1.0), near = lot.z * lot.z, t = u_phase, px = 2.0 / min(u_resolution.x, u_resolution.y);
    vec2 at = vec2((2.0 * lot.x - 1.0) * wide.x, 0.0), along = vec2(0.0, 1.0);
    vec2 size = vec2(0.006);
    float there = 1.0, soft = 0.5, wings = 0.0;
    vec3 colour = mix(u_palette[3], vec3(1.0), 0.2);
    bool boat = gl_InstanceID == 9 && MOOD[ANGRY] + MOOD[DISGUST] + MOOD[SURPRISE] < 0.5;
    if (boat) {
        // One small boat on the water, a lantern at its bow: it tells how large the land is.
        at = vec2(clamp(sun.x + mix(0.20, 0.80, MOOD[HAPPY]) * (u_people > 0 && u_place[0].x > 0.15 ? -1.0 : 1.0), 0.1 - wide.x, wide.x - 0.1) + 0.05 * sin(0.05 * t), SHORE - 0.070 + 0.003 * sin(0.6 * t));
        size = vec2(0.052, 0.046);
        along = normalize(vec2(0.02 * sin(0.5 * t), 1.0));
        wings = 2.0;
    } else if (sleeps) {
        at.y = mix(SHORE + 0.25, wide.y, sqrt(lot.y));
        size = vec2(0.003 + 0.005 * near);
        there = (0.35 + 0.65 * near) * (0.7 + 0.3 * sin(u_time * (0.4 + lot.y) + 40.0 * lot.x)) * 0.8;
    } else if (kind == SAD) {
        float life = fract(lot.y + t * (0.16 + 0.10 * near));
        along = normalize(vec2(-0.10, -1.0));
        at = vec2(at.x * 1.1, wide.y * 1.2) + along * life * wide.y * 2.5;
        size = vec2(0.0016 + 0.0022 * near, 0.10 + 0.22 * near);
        colour = mix(u_palette[2], u_palette[3], 0.6);
        there = 0.20 + 0.30 * near;
    } else if (kind == ANGRY) {
        float life = fract(lot.y + t * 0.045 * (0.5 + lot.z));
        at = vec2(at.x + 0.35 * life + 0.06 * sin(9.0 * life + 20.0 * lot.x), mix(-wide.y, wide.y, life * (0.5 + 0.5 * lot.z)));
        along = normalize(vec2(0.35 + 0.4 * cos(9.0 * life + 20.0 * lot.x), 1.0));
        size = vec2(0.0030 + 0.004 * near, 0.008 + 0.020 * near);
        there = sin(3.1416 * life) * 1.2;
    } else if (kind == FEAR) {
        at = vec2(at.x * 0.9, SHORE + 0.02 + 0.22 * lot.y) + 0.03 * vec2(sin(0.3 * t + 20.0 * lot.x), cos(0.23 * t + 9.0 * lot.z));
        size = vec2(0.003 + 0.003 * near);
        there = 0.35 * step(share, 0.6);
    } else if (kind == DISGUST) {
        float life = fract(lot.y + t * 0.020), hangs = step(share, 0.30);
        at = vec2(at.x, wide.y * 1.02);
        float long_by = (0.05 + 1.05 * lot.z * lot.z * lot.z) * (0.6 + 0.4 * sin(0.2 * t + 20.0 * lot.x));
        size = vec2(0.010 + 0.040 * fract(lot.w * 9.0) * lot.z, long_by);
        along = vec2(0.0, -1.0);
        at.y -= long_by;
        wings = -1.0;
        colour = u_palette[0] + 0.45 * u_palette[1];
        there = hangs;
    } else if (kind == HAPPY && gl_InstanceID > 6) {
        float life = fract(lot.y + t * 0.030 * (0.6 + 0.8 * lot.z));
        at = vec2(at.x * (0.7 + 0.5 * life) + 0.05 * sin(6.0 * life + 30.0 * lot.x), mix(-wide.y, wide.y, life));
        size = vec2(0.007 + 0.022 * near * near, 0.005 + 0.014 * near * near) * (0.8 + 0.3 * sin(t + 20.0 * lot.x));
        along = normalize(vec2(sin(t * 0.6 + 30.0 * lot.x), 1.0));
        colour = lot.x < 0.3 ? u_counter * 1.2 : mix(u_palette[3], u_palette[2], lot.x);
        there = sin(3.1416 * life);
        soft = 0.2 + 0.6 * near;
    } else if (kind == SURPRISE) {
        float life = fract(lot.y + t * 0.05), a = 6.2832 * lot.x, out_by = mix(0.62, 2.3, 1.0 - (1.0 - life) * (1.0 - life));
        along = vec2(cos(a), sin(a));
        at = sun.xy + along * out_by;
        size = vec2(0.0025 + 0.004 * near, 0.02 + 0.06 * near * (1.0 - life));
        there = sin(3.1416 * sqrt(life)) * 1.1;
        colour = lot.z < 0.5 ? mix(u_counter, vec3(1.0), 0.3) : u_palette[3];
    } else {
        // A few birds, in a line, far off.
        float k = float(gl_InstanceID), pace = 0.010 * t;
        at = vec2(mod(0.9 * lot.x * 0.5 + 0.055 * k + pace + 0.4, 2.0 * wide.x + 0.6) - wide.x - 0.3, 0.40 + 0.05 * sin(1.7 * k) + 0.06 * lot.y + 0.02 * sin(0.2 * t + k));
        size = vec2(0.030, 0.022) * (0.6 + 0.6 * lot.z);
        wings = 0.6 + 0.4 * sin(2.2 * t + 9.0 * lot.x);
        colour = u_palette[0];
        there = step(k, 8.5);
    }
    // Never thinner than a pixel; what would be is fainter.
    float least = 0.9 * px;
    there *= min(size.x / least, 1.0);
    size = max(size, vec2(least));
    v_on = on;
    v_kind = vec4(wings < 0.0 ? 0.0 : wings > 0.0 ? 0.0 : 1.0, soft, wings, there);
    v_colour = colour;
    vec2 place = at + on.x * size.x * vec2(along.y, -along.x) + on.y * size.y * along;
    gl_Position = there < 0.01 ? vec4(2.0, 2.0, 2.0, 1.0) : land_clip(place);
}
