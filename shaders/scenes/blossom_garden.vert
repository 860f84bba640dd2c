#version 330 core
// What grows round a blossom: leaves that float, small blossoms farther off on their stems, and reeds along the shore.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/moods.glsl"
#include "lib/form/garden.glsl"

in vec2 in_uv;  // x across in [-1, 1], y along in [0, 1]

out vec2 v_on;
out vec3 v_air;            // the room's light there
flat out vec4 v_kind;      // 0 blade 1 leaf on water 2 blossom, how far it is there, lot, how far away
flat out vec4 v_first, v_last;

const float PADS = 9.0, BLOOMS = 4.0, PETALS = 9.0;
const float FAN[9] = float[9](-1.0, 1.0, -0.55, 0.55, 0.0, -0.85, 0.85, -0.30, 0.30);

void main() {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    float n = float(gl_InstanceID), side = garden_side(), there = 1.0, kind = 0.0, far = 0.5;
    float lot = hash11(n + 3.0), other = hash11(n + 71.0), third = hash11(n + 137.0);
    vec2 on = in_uv, at;
    if (n < PADS) {
        kind = 1.0;
        // In twos and threes, small far away.
        float group = floor(n / 3.0), depth = mix(1.0, 2.5, group / 2.0) + 0.30 * (lot - 0.5), x = side * (0.55 + 0.40 * group + 0.44 * (mod(n, 3.0) - 1.0) / depth + 0.16 * (other - 0.5)) * depth;
        x = group == 1.0 ? -0.7 * x : x;
        float wide = 0.15 + 0.13 * third;
        on.y = 2.0 * on.y - 1.0;
        vec2 middle = garden_at(place_focus_x() * 0.5 + x, 0.0, depth), flat_by = vec2(1.0, 0.30 / depth);
        at = middle + on * wide / depth * flat_by * 1.1 + vec2(0.0, 0.002 * sin(0.7 * u_phase + 9.0 * lot));
        there = 1.0 - MOOD[FEAR];
        far = depth / 3.0;
    } else if (n < PADS + BLOOMS) {
        Bloom b = garden_bloom(n - PADS);
        // Below its foot the water mirrors it.
        on.y = (on.y - 0.2) / 0.8;
        float t = abs(on.y), i = 1.0 - t;
        vec2 to = b.head - vec2(0.0, 0.25 * b.size * (1.0 - 2.4 * MOOD[SAD]));
        at = i * i * b.foot + 2.0 * i * t * mix(vec2(b.foot.x, b.head.y), b.over, 0.5 + 0.5 * MOOD[SAD]) + t * t * to;
        at.x += on.x * 0.016 / b.depth;
        at.y = on.y < 0.0 ? 2.0 * b.foot.y - at.y : at.y;
        far = b.depth / 4.5;
    } else if (n < PADS + BLOOMS * (1.0 + PETALS)) {
        // Two rows of petals, the far one first; shut where it hides or sleeps, a bell where it mourns, pointed in anger.
        kind = 2.0;
        float m = n - PADS - BLOOMS, t = on.y, j = mod(m, PETALS), front = step(4.5, j);
        Bloom b = garden_bloom(floor(m / PETALS));
        float shut = clamp(0.92 * MOOD[FEAR] + 0.72 * MOOD[ASLEEP] + 0.62 * MOOD[SAD], 0.0, 1.0), way = FAN[int(j)] * mix(mix(1.75, 1.35, front), 0.34, shut) * (1.0 + 0.12 * MOOD[HAPPY]) + 0.16 * (lot - 0.5);
        float long_by = b.size * mix(1.05, 0.72, front) * (1.0 - 0.22 * abs(FAN[int(j)])) * (0.88 + 0.24 * other) * (1.0 + 0.35 * shut), bend = 0.55 * way * (1.0 - shut) + 0.25 * MOOD[DISGUST] * sign(way);
        float bent = way + bend * t, turned = mix(1.0, -1.0, step(0.5, MOOD[SAD]));
        vec2 along = vec2(sin(bent), cos(bent) * turned), aside = vec2(along.y, -along.x);
        float wide = b.size * 0.40 * sqrt(t + 0.02) * pow(1.0 - t, mix(0.42, 1.1, max(MOOD[ANGRY], 0.8 * MOOD[DISGUST]))) * mix(1.0, 0.85, MOOD[ANGRY]) * (1.0 + 0.15 * shut);
        at = b.head - vec2(0.0, 0.25 * b.size * turned) + along * long_by * t * (1.0 - 0.12 * t) + aside * on.x * wide;
        far = b.depth / 4.5;
        lot = mix(0.25 * lot, 0.75 + 0.25 * lot, front);
    } else {
        // Reeds stand in bunches at the picture's sides.
        on.y = (on.y - 0.2) / 0.8;
        float depth = 2.0 + 2.2 * lot, edge = u_resolution.x / min(u_resolution.x, u_resolution.y), t = abs(on.y);
        float where = fract(n * 0.618) < 0.66 ? side : -side, x = where * (edge - 0.62 * other * other - 0.02) * depth;
        float high = (0.55 + 0.75 * third) * (1.0 - 0.25 * MOOD[SAD] - 0.35 * MOOD[FEAR]), lean = (0.24 * (hash11(n + 211.0) - 0.5) - 0.10 * where) * (1.0 + 1.2 * MOOD[DISGUST] + 1.1 * MOOD[SAD]);
        lean += 0.02 * sin(0.45 * u_phase + 3.0 * other);
        // Some carry a cob, and stand straight.
        float cob = step(0.74, fract(13.7 * lot)), thick = mix(0.030 * pow(1.0 - t, 0.7) * (0.5 + 1.5 * t), 0.009 + 0.028 * smoothstep(0.72, 0.76, t) * smoothstep(0.96, 0.91, t), cob);
        lean *= 1.0 - 0.6 * cob;
        at = garden_at(x + lean * t * t + on.x * thick, high * (t - 0.25 * abs(lean) * t * t) * sign(on.y), depth);
        far = depth / 4.5;
    }
    v_on = on;
    v_kind = vec4(kind, there, lot, clamp(far, 0.0, 1.0));
    vec2 wide = u_resolution / min(u_resolution.x, u_resolution.y);
    v_air = textureLod(u_backdrop, clamp(0.5 + 0.5 * at / wide, 0.0, 1.0), 0.0).rgb;
    gl_Position = there < 0.01 ? vec4(2.0, 2.0, 2.0, 1.0) : garden_clip(at);
}
