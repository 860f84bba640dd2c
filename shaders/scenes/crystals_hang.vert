#version 330 core
// What hangs from above and what falls: icicles and drops in sadness, threads of slime in disgust. Quads; crystals_hang.frag rounds them.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/form/moods.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"
#include "lib/form/bed_haze.glsl"
#include "lib/form/mood_lot.glsl"
#include "lib/form/druse.glsl"

uniform float u_shards;

in vec2 in_uv;

out vec2 v_at;          // across [-1, 1] of half the quad's width, from its top 0 to its end 1
out vec3 v_position;
flat out vec4 v_haze;   // the room behind it, and how far that swallows it
flat out vec4 v_kind;   // 0 ice, 1 slime (1.25 off a crystal), 2 drop; random, half width over length, how far a drop has gathered at its end

const float ICE = 60.0, DROPS = 7.0, STRANDS = 44.0;

void main() {
    moods_here();
    float n = float(gl_InstanceID), self = u_self[u_shape].x, wide = max(u_resolution.x / u_resolution.y, 1.0), tall = max(u_resolution.y / u_resolution.x, 1.0);
    float a = hash11(n + 3.0 + floor(self * 512.0)), b = hash11(a * 57.3), c = hash11(b * 19.9), kind = 0.0, gathered = 0.0;
    float top = 0.76 + tall;
    vec3 at = vec3(0.0);
    vec2 size = vec2(0.0);
    if (n < STRANDS && MOOD[DISGUST] > MOOD[SAD]) {
        // From a crystal's outer half, as far as its weight has drawn it.
        kind = 1.25;
        float scale = bed_size(u_shape), lot = hash11(n + 77.0), sink = fract(0.04 * u_phase * (0.6 + lot) + 5.3 * lot);
        // Of three it takes the largest.
        Crystal one = druse(floor(u_shards * lot), u_shards, self, scale);
        for (int k = 1; k < 3; k++) {
            Crystal other = druse(floor(u_shards * fract(lot + 0.27 * float(k))), u_shards, self, scale);
            if (other.reach > one.reach) one = other;
        }
        at = one.root * scale + one.way * one.reach * scale * (0.35 + 0.55 * b) + vec3(0.0, -0.50, 0.95) * one.thick * scale;
        size.y = min((0.10 + 0.42 * lot * lot + 0.10 * sink) * scale, at.y + 0.02);
        size.x = (0.040 + 0.050 * a * a) * scale;
        gathered = sink;
        size *= smoothstep(0.02, 0.6, MOOD[DISGUST]) * step(0.16, one.reach) * u_place[u_shape].w;
    } else if (n < ICE) {
        // A few long ones over the visitor, many short ones, in curtains with gaps; those behind first.
        float q = n / ICE, r = fract(n * 0.6180340 + self), u = 2.0 * fract(n * 0.7548777 + self) - 1.0, z = mix(-1.5, 0.25, q), x = wide * (u + 0.09 * sin(9.0 * u + 30.0 * self) + 0.04 * sin(25.0 * u)), from = x - 0.6 * bed_middle(u_shape).x + 0.25 * (self - 0.5);
        float middle = exp(-1.5 * from * from);
        size.y = (0.14 + 0.90 * exp(-8.0 * r) + 0.55 * exp(-2.2 * r)) * (0.55 + 0.80 * middle) * (0.75 + 0.5 * a) * (0.6 + 0.4 * tall);
        size.x = (0.024 + 0.075 * size.y) * (0.75 + 0.6 * b);
        at = vec3(x * (1.0 - 0.29 * z), top - 0.30 * z * (tall + 0.4), z);
        gathered = fract(0.045 * u_phase * (0.6 + b) + c);
        size *= smoothstep(0.02, 0.6, MOOD[SAD]);
    } else if (n < ICE + DROPS) {
        kind = 2.0;
        float fall = fract(0.30 * u_phase * (0.7 + 0.6 * b) + a), x = 0.75 * (2.0 * fract(n * 0.7548777) - 1.0);
        size = vec2(0.010, 0.030 + 0.05 * fall) * MOOD[SAD] * step(fall, 0.985);
        at = vec3(x, (1.0 - fall * fall) * (0.75 + 0.5 * c) + 0.04, 0.6 * c - 0.4);
    } else {
        kind = 1.0;
        float q = (n - ICE - DROPS) / 12.0, lot = hash11(n + 31.0), sink = fract(0.03 * u_phase * (0.6 + lot) + 3.7 * lot), u = 2.0 * fract(n * 0.7548777 + 0.3) - 1.0;
        float z = mix(-0.7, 0.3, q);
        size.y = (0.16 + 0.95 * lot * lot * lot + 0.20 * sink) * tall;
        size.x = 0.022 + 0.040 * a * a;
        at = vec3(wide * 0.92 * (u + 0.12 * sin(7.0 * u + 20.0 * self)) * (1.0 - 0.29 * z), top - 0.30 * z * (tall + 0.4), z);
        gathered = sink;
        size *= smoothstep(0.02, 0.6, MOOD[DISGUST]);
    }
    v_kind = vec4(kind, a, size.x / max(size.y, 1e-4), gathered);
    v_at = vec2(in_uv.x * 1.1, in_uv.y * 1.03);
    v_position = at + vec3((kind > 1.5 || (n < STRANDS && kind > 0.5) ? bed_middle(u_shape).x : 0.0) + v_at.x * size.x, FLOOR - v_at.y * size.y, 0.0);
    v_haze = bed_haze(vec3(at.x, FLOOR + at.y, at.z));
    // The room's own things are drawn with the first visitor only.
    gl_Position = size.x < 1e-4 || (u_shape > 0 && !(n < STRANDS && kind > 0.5)) ? vec4(0.0, 0.0, 2.0, 1.0) : bed_clip(v_position);
}
