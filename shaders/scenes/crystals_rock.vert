#version 330 core
// Rock of the bed, each a quad before the eye that crystals_rock.frag gives its relief: what the group grows from, boulders, a crevice's walls in fear, a ceiling
// in sadness, and in disgust a crust of round clots.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/form/moods.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"
#include "lib/form/bed_haze.glsl"

in vec2 in_uv;

out vec2 v_at;           // on the quad, the rock's middle is 0, its rim about 1
flat out vec3 v_middle;  // in the room
flat out vec3 v_size;    // half its width, height, depth
flat out mat2 v_turn;    // how its faces are turned
flat out vec4 v_haze;    // the room behind it, and how far that swallows it
flat out vec3 v_kind;    // 0 rock, 1 clot; random; how much of it stands in the dark: the room's own walls

const float MATRIX = 9.0, BOULDERS = 8.0, WALLS = 8.0, CEILING = 5.0, CLOTS = 64.0;

void main() {
    moods_here();
    float n = float(gl_InstanceID), self = u_self[u_shape].x, scale = bed_size(u_shape), here = mix(1.0, u_place[u_shape].w, smoothstep(0.02, 0.3, u_presence));
    float a = hash11(n + 7.0 + floor(self * 512.0)), b = hash11(a * 57.3), c = hash11(b * 19.9);
    float wide = max(u_resolution.x / u_resolution.y, 1.0), tall = max(u_resolution.y / u_resolution.x, 1.0), kind = 0.0;
    vec3 size = vec3(0.0), at = vec3(0.0);
    bool own = true;  // it belongs to the group, and not to the room
    if (n < MATRIX) {
        // The rock that the group grows from: a heap as high as the mound in lib/form/druse.
        float k = (n + 0.5) / MATRIX, x = 0.96 * fract(k * MATRIX * 0.6180340 + self) - 0.48, z = mix(-0.26, 0.42, k);
        at = vec3(x * (1.0 - 0.3 * k), 0.10 * exp(-4.0 * x * x - 7.0 * z * z) - 0.05, z);
        size = vec3(0.20 + 0.12 * a, 0.16 + 0.06 * b - 0.20 * x * x, 0.16) * (1.0 - 0.45 * MOOD[SAD]);
        // A geode that has burst.
        // Six of them still hold what has burst, the others lie before it.
        float turn = n < 5.5 ? 3.14159265 + 0.42 * (n - 2.5) + 0.2 * (a - 0.5) : 0.0, lies = 1.1 * (n - 7.0) + 0.5 * (b - 0.5);
        vec3 shell = n < 5.5 ? vec3(0.62 * sin(turn), 0.60 + 0.52 * cos(turn), 0.10 + 0.22 * b) : vec3(0.75 * lies, 0.03, 0.30 + 0.2 * c);
        at = mix(at, shell, MOOD[SURPRISE]);
        size = mix(size, n < 5.5 ? vec3(0.24 + 0.09 * a, 0.19 + 0.07 * c, 0.16) : vec3(0.10 + 0.05 * a, 0.07, 0.08), MOOD[SURPRISE]);
    } else if (n < MATRIX + BOULDERS) {
        float k = (n - MATRIX) / BOULDERS, x = 2.6 * fract(k * 4.236068 + self) - 1.3;
        at = vec3(x + 0.10 * sin(9.0 * x + 30.0 * self), 0.0, mix(-0.9, 0.62, k));
        size = vec3(1.0, 0.62, 0.8) * (0.03 + 0.13 * a * a * a) * (0.7 + 0.6 * smoothstep(0.2, 0.9, abs(x)));
        at.y = 0.2 * size.y;
    } else if (n < MATRIX + BOULDERS + WALLS) {
        float k = n - MATRIX - BOULDERS, left = mod(k, 2.0), row = floor(0.5 * k);
        own = false;
        at = vec3(mix(1.0, -1.0, left) * (wide * mix(0.95, 0.92, left) - 0.10 * row * row / 9.0 + 0.16 * (a - 0.5)), 0.04 + 0.58 * row * tall, 0.35 - 0.28 * row);
        size = vec3(0.56 + 0.16 * b, 0.52 + 0.12 * c, 0.4) * smoothstep(0.02, 0.6, MOOD[FEAR]);
    } else if (n < MATRIX + BOULDERS + WALLS + CEILING) {
        float k = (n - MATRIX - BOULDERS - WALLS) / (CEILING - 1.0);
        own = false;
        at = vec3((2.0 * k - 1.0) * wide * 0.95, (0.88 + tall) + 0.04 * sin(17.0 * a), -0.9 + 0.7 * b);
        size = vec3(0.62, 0.24 + 0.16 * c, 0.4) * smoothstep(0.02, 0.6, MOOD[SAD]);
    } else {
        kind = 1.0;
        float k = (n - MATRIX - BOULDERS - WALLS - CEILING + 0.5) / CLOTS, r = fract(k * CLOTS * 0.6180340), x = 2.0 * fract(k * CLOTS * 0.7548777) - 1.0, z = mix(-0.34, 0.44, k);
        x += 0.10 * sin(8.0 * x + 30.0 * self);
        float high = 0.92 * exp(-3.4 * x * x - 3.0 * (z + 0.1) * (z + 0.1)), breath = 1.0 + 0.05 * sin(1.1 * u_phase + 20.0 * a);
        at = vec3(1.1 * x, 0.42 * high * (0.1 + 0.9 * b * b), z);
        size = vec3(1.25, 0.85, 1.0) * ((0.035 + 0.10 * exp(-3.6 * r) + 0.04 * a * a) * breath * (1.0 - 0.35 * abs(x))) * smoothstep(0.02, 0.6, MOOD[DISGUST]);
    }
    v_kind = vec3(kind, a, own ? 0.0 : 1.0);
    size *= here;
    at *= here;
    float group = own ? scale : 1.0;
    v_middle = at * group + (own ? bed_middle(u_shape) : vec3(0.0, FLOOR, 0.0));
    v_size = max(size * group, 1e-4);
    float turn = 6.2831853 * a;
    v_turn = mat2(cos(turn), sin(turn), -sin(turn), cos(turn));
    v_haze = bed_haze(v_middle);
    // What belongs to the room is drawn with the first visitor only.
    bool none = size.x < 1e-3 || (!own && u_shape > 0);
    v_at = vec2(in_uv.x, 2.0 * in_uv.y - 1.0) * 1.15;
    gl_Position = none ? vec4(0.0, 0.0, 2.0, 1.0) : bed_clip(v_middle + vec3(v_at * v_size.xy, 0.0));
}
