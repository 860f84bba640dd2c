#version 330 core
// Crystals close to the eye in the picture's lower corners: dark, out of focus, a little light along one edge. crystals_far.frag draws them.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/form/moods.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/bed.glsl"

in vec2 in_uv;

out vec2 v_at;           // as in crystals_far.vert
flat out vec4 v_form;
flat out vec3 v_lit, v_dark;
flat out vec2 v_there;

void main() {
    moods_here();
    float n = float(gl_InstanceID), wide = max(u_resolution.x / u_resolution.y, 1.0), tall = max(u_resolution.y / u_resolution.x, 1.0);
    vec4 lot = lots(gl_InstanceID * 5 + 311 + int(u_self[0].x * 1021.0));
    // Most stand on the side that the first group leaves free, one or two on the other.
    float free_side = bed_middle(0).x > 0.0 ? -1.0 : 1.0, side = free_side * (n < 2.5 ? 1.0 : -1.0), k = n < 2.5 ? 0.5 * n : n - 3.0;
    vec2 root = vec2(side * (wide + 0.06 - (n < 2.5 ? 0.60 : 0.30) * k + 0.10 * (lot.x - 0.5)), -tall - 0.16);
    float turn = -side * (0.16 + 0.34 * lot.y) * mix(1.0, -0.35, MOOD[ANGRY]) * (1.0 - 2.0 * k * lot.z) + 0.25 * MOOD[SURPRISE] * side;
    float reach = (n < 2.5 ? mix(0.95, 0.42, k) : mix(0.52, 0.34, k)) * (0.80 + 0.4 * lot.w) * (1.0 - 0.35 * MOOD[SAD]) * mix(0.6, 1.0, u_presence);
    float half_ = reach * mix(0.12, 0.17, lot.z) * (1.0 + 0.4 * MOOD[DISGUST] - 0.2 * MOOD[ANGRY]), blur = 0.030 + 0.020 * lot.x;
    vec2 way = vec2(sin(turn), cos(turn)), aside = vec2(way.y, -way.x);
    v_at = vec2(in_uv.x * (1.0 + 1.5 * blur / half_), mix(0.0, 1.0 + 1.5 * blur / reach, in_uv.y));
    v_form = vec4(mix(0.30, 0.70, MOOD[DISGUST]) + 0.15 * MOOD[ANGRY], blur / half_, blur / reach, 0.45 * (lot.w < 0.5 ? -1.0 : 1.0));
    v_dark = u_palette[0] * 0.45;
    v_lit = v_dark + mix(u_palette[1], u_palette[2], 0.30) * (0.05 + 0.05 * u_light);
    v_there = vec2(0.94, 0.03);
    vec2 at = root + aside * v_at.x * half_ + way * v_at.y * reach, unit = 0.5 * min(u_resolution.x, u_resolution.y) / u_resolution;
    vec2 part = (at * unit + 0.5 - u_part.xy) / u_part.zw;
    gl_Position = vec4(part * 2.0 - 1.0, -0.99, 1.0);
}
