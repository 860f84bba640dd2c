#version 330 core
// Round things of the bed: boulders, in disgust a heap of clotted, dripping lumps, in sadness drops that fall from the ceiling's tips.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/form/moods.glsl"
#include "lib/form/bed.glsl"

in vec3 in_position;

out vec3 v_position;
out vec3 v_normal;
out vec3 v_local;
flat out vec2 v_kind;  // 0 stone, 1 lump, 2 drop; random

const float STONES = 14.0, DROPS = 10.0;

void main() {
    moods();
    float n = float(gl_InstanceID), self = u_self[u_shape].x, scale = u_place[u_shape].z, here = u_place[u_shape].w;
    float a = hash11(n + 7.0 + floor(self * 512.0)), b = hash11(a * 57.3), c = hash11(b * 19.9), turn = 2.39996323 * n + 6.2831853 * self;
    vec3 size = vec3(0.0), at = vec3(0.0);
    float kind = 0.0, rough = 0.0;
    if (n < STONES) {
        float far = 0.32 + 0.75 * sqrt(n / STONES) + 0.2 * a;
        at = vec3(cos(turn) * far, -0.03, 0.75 * sin(turn) * far);
        size = vec3(0.16, 0.09, 0.14) * (0.35 + 0.9 * b) * mix(1.0, 0.5, n / STONES);
        rough = 0.5;
    } else if (n < STONES + DROPS) {
        kind = 2.0;
        float fall = fract(0.30 * u_phase * (0.7 + 0.6 * b) + a), x = 0.9 * (2.0 * fract(n * 0.618034) - 1.0);
        at = vec3(x, 1.5 - 1.55 * fall * fall, 0.6 * c - 0.4);
        size = vec3(0.016, 0.016 + 0.035 * fall, 0.016) * MOOD[SAD] * step(fall, 0.985);
    } else {
        kind = 1.0;
        float k = (n - STONES - DROPS) / 34.0, far = 0.62 * sqrt(k), heap = 0.62 * exp(-4.5 * far * far);
        at = vec3(cos(turn) * far * 1.25, heap, 0.8 * sin(turn) * far + 0.05);
        float breath = 1.0 + 0.07 * sin(1.1 * u_phase + 20.0 * a);
        size = vec3(mix(0.30, 0.10, k) * (0.55 + 0.75 * b) * breath * smoothstep(0.02, 0.6, MOOD[DISGUST]));
        // Some let a thick drop hang.
        float drips = step(0.55, c), sag = drips * (0.25 + 0.6 * fract(0.07 * u_phase + b));
        size.y *= 0.85 + 0.9 * sag * step(0.0, -in_position.y);
        size.xz *= 1.0 - 0.45 * sag * smoothstep(0.1, -0.9, in_position.y);
        rough = 0.22;
    }
    float bumps = swell3(in_position * 2.3 + a * 20.0 + kind * 0.15 * u_phase);
    vec3 p = in_position * size * (1.0 + rough * bumps) * here;
    v_local = in_position * (1.0 + 2.0 * size.x) + a * 9.0;
    v_normal = normalize(in_position / max(size, vec3(1e-4)) * max(size.x, 1e-4) - 0.35 * rough * bumps * in_position.yzx);
    v_kind = vec2(kind, a);
    v_position = (p + at) * scale + bed_middle(u_shape);
    v_position.y = kind == 0.0 ? v_position.y : max(v_position.y, FLOOR - 0.05);
    gl_Position = to_clip(v_position);
}
