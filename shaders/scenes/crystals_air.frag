#version 330 core
// A grotto lined with crystals: rings of them round the opening, each nearer, larger and darker than the one behind; each crystal has two faces, an edge that
// catches the light and a tip that points at the opening.
#include "lib/frame.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/light/own_colours.glsl"
#include "lib/light/own_tint.glsl"

in vec2 v_from;
flat in vec4 v_open;
flat in vec3 v_teeth;
flat in vec3 v_deep, v_lit, v_rock, v_edge;
flat in vec2 v_seed;
flat in vec3 v_lamp, v_tint;
out vec4 f_colour;

const int RINGS = 4;
const float MOST = 18.0;  // crystals of the farthest ring

void main() {
    vec2 q = (v_from - v_open.xy) / v_open.zw;
    float r2 = dot(q, q) + 1e-4, far = 0.5 * log2(r2), turn = atan(q.x, q.y) * 0.15915494, up = max(q.y, 0.0) * inversesqrt(r2);
    float pixel = 1.4427 * v_seed.y * inversesqrt(r2) / min(v_open.z, v_open.w), high = smoothstep(-0.04, 0.22, v_from.y);
    // Light in the opening, and mist that lies under it.
    vec3 light = v_deep * (0.6 + 0.4 * exp(-r2)) + v_lit * (exp(-1.6 * r2) + 0.45 * exp(-14.0 * v_from.y * v_from.y));
    float veil = 0.86 * (1.0 - 0.9 * v_lamp.z * exp(-30.0 * dot(v_from - v_lamp.xy, v_from - v_lamp.xy)));
    vec3 picture = worn_softly(q * 0.16 + 0.5, 0.5);
    float worn_by = 0.62 + 0.85 * dot(picture, vec3(0.3333));
    for (int k = 0; k < RINGS; k++) {
        float near = float(k), x = turn * (MOST - 2.0 * near) + 0.37 * near, column = floor(x), f = x - column;
        vec3 h = fract(vec3(column + v_seed.x, column, near + 3.0) * vec3(0.1031, 0.1030, 0.0973));
        h += dot(h, h.yzx + 33.33);
        h = fract((h.xxy + h.yzz) * h.zyx);
        float apex = 0.30 + 0.40 * h.z, side = f < apex ? f / apex : (1.0 - f) / (1.0 - apex), blunt = sqrt(max(1.0 - (1.0 - side) * (1.0 - side), 0.0));
        float tip = 0.44 * near - (v_teeth.x + v_teeth.y * up * up) * (0.16 + 0.64 * h.y + 0.75 * h.x * h.x * h.x * h.x * h.x * h.x) * mix(side, blunt, v_teeth.z), in_it = far - tip;
        float cover = smoothstep(0.0, 3.0 * pixel * (1.0 + v_teeth.x * 3.0), in_it) * high;
        // Two faces; light comes from the opening, and runs along the edge between them.
        float face = (f < apex ? 0.50 + 0.80 * h.z : 1.25 - 0.95 * h.z) * worn_by, off = f - apex, ridge = max(1.0 - abs(off) * 30.0 / (1.0 + 14.0 * v_teeth.z), 0.0), lit = exp2(-2.4 * max(in_it, 0.0));
        // Towards its tip it is clear; some tips flash.
        float glint = step(0.55, h.y) * exp2(-900.0 * (0.30 * off * off + (in_it - 0.05) * (in_it - 0.05))) * (1.0 - v_teeth.z);
        vec3 wall = v_rock * face * (1.1 - 0.26 * near) * (0.20 + 0.80 * lit) + (v_edge + v_tint * step(apex, f)) * lit * (0.06 + 0.75 * face * face * lit + 0.9 * ridge * lit + 2.2 * glint) * (1.0 - 0.20 * near);
        light = mix(light, wall, cover);
        veil = mix(veil, 1.0, cover);
    }
    veil *= smoothstep(-0.30, 0.02, v_from.y);
    light = own_tint(light, picture);
    f_colour = vec4(light * veil, veil) * u_fade;
}
