#version 330 core
// Round things of the bed: boulders, in disgust a heap of clotted, dripping lumps, in sadness drops that fall from the ceiling's tips.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/form/moods.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/bed.glsl"

in vec3 in_position;

out vec3 v_position;
out vec3 v_normal;
out vec3 v_local;
flat out vec2 v_kind;  // 0 stone, 1 lump, 1.3 hanging slime, 2 drop; random

const float STONES = 14.0, DROPS = 10.0, LUMPS = 34.0;

void main() {
    moods_here();
    float n = float(gl_InstanceID), self = u_self[u_shape].x, scale = u_place[u_shape].z, here = u_place[u_shape].w;
    float a = hash11(n + 7.0 + floor(self * 512.0)), b = hash11(a * 57.3), c = hash11(b * 19.9), turn = 2.39996323 * n + 6.2831853 * self;
    vec3 size = vec3(0.0), at = vec3(0.0);
    float kind = 0.0, rough = 0.0;
    if (n < STONES) {
        // Boulders lie half in the ground; the first is the rock that the group grows from.
        float far = n < 0.5 ? 0.0 : 0.36 + 0.95 * sqrt(n / STONES) + 0.2 * a;
        at = vec3(cos(turn) * far, 0.0, 0.6 * sin(turn) * far);
        size = n < 0.5 ? vec3(0.42, 0.10, 0.34) : vec3(0.22, 0.11, 0.16) * (0.30 + b) * mix(1.0, 0.6, n / STONES);
        rough = 0.55;
    } else if (n < STONES + DROPS) {
        kind = 2.0;
        float fall = fract(0.30 * u_phase * (0.7 + 0.6 * b) + a), x = 0.55 * (2.0 * fract(n * 0.7548777) - 1.0);
        at = vec3(x, (1.0 - fall * fall) * (0.75 + 0.4 * c), 0.6 * c - 0.4);
        size = vec3(0.009, 0.010 + 0.030 * fall, 0.009) * MOOD[SAD] * step(fall, 0.985);
    } else {
        kind = 1.0;
        float k = (n - STONES - DROPS) / LUMPS, far = 0.66 * sqrt(k), heap = 0.66 * exp(-4.0 * far * far), breath = 1.0 + 0.07 * sin(1.1 * u_phase + 20.0 * a);
        at = vec3(cos(turn) * far * 1.3, heap, 0.8 * sin(turn) * far + 0.05);
        size = vec3(mix(0.30, 0.10, k) * (0.55 + 0.75 * b) * breath);
        // Some let a thick drop hang.
        float sag = step(0.5, c) * (0.35 + 0.8 * fract(0.07 * u_phase + b));
        if (n > STONES + DROPS + LUMPS - 0.5) {
            // Slime on threads from above: a bulb that sinks, and its thread.
            kind = 1.3;
            k = n - STONES - DROPS - LUMPS;
            float pair = floor(k * 0.5), thread = mod(k, 2.0), lot = hash11(pair + 3.0), sink = fract(0.035 * u_phase * (0.6 + lot) + 3.7 * lot);
            float x = 1.5 * (2.0 * fract(pair * 0.7548777 + 0.3) - 1.0), hang = 0.35 + 0.75 * lot + 0.30 * sink;
            at = vec3(x, 1.95 - (thread > 0.5 ? 0.5 * hang : hang) , 0.5 * lot - 0.3) / vec3(1.0, scale, 1.0);
            size = thread > 0.5 ? vec3(0.020 + 0.02 * lot, 0.5 * hang, 0.02) : vec3(0.055 + 0.05 * lot);
            sag = thread > 0.5 ? 0.0 : 0.3;
            // The bulb is a drop that its thread runs into.
            size.xz *= thread > 0.5 ? 1.0 + 2.0 * smoothstep(0.0, 1.0, in_position.y) : mix(1.0, 0.25, smoothstep(-0.2, 0.95, in_position.y));
            size.y *= thread < 0.5 && in_position.y > 0.0 ? 2.4 : 1.0;
        }
        size *= smoothstep(0.02, 0.6, MOOD[DISGUST]);
        size.y *= 1.0 + (in_position.y < 0.0 ? 1.1 * sag : -0.1);
        size.xz *= 1.0 - 0.5 * sag * smoothstep(0.2, -0.9, in_position.y);
        rough = 0.22;
    }
    float bumps = swell3(in_position * 2.3 + a * 20.0 + kind * 0.15 * u_phase);
    vec3 p = in_position * size * (1.0 + rough * bumps) * here;
    v_local = in_position * (1.0 + 2.0 * size.x) + a * 9.0;
    v_normal = normalize(in_position / max(size, vec3(1e-4)) * max(size.x, 1e-4) - 0.35 * rough * bumps * in_position.yzx);
    v_kind = vec2(kind, a);
    v_position = (p + at) * scale + bed_middle(u_shape);
    v_position.y = max(v_position.y, FLOOR);
    gl_Position = bed_clip(v_position);
}
