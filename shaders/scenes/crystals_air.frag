#version 330 core
// A grotto lined with crystals: rings of them round the opening, each nearer, larger and darker than the one behind; each crystal has two faces, an edge that
// catches the light and a tip that points at the opening.
#include "lib/frame.glsl"

in vec2 v_from;
flat in vec4 v_open;
flat in vec3 v_teeth;
flat in vec3 v_deep, v_lit, v_rock, v_edge;
flat in vec2 v_seed;
flat in vec3 v_lamp, v_tint;
flat in vec2 v_shine;
out vec4 f_colour;

const int RINGS = 4;
const float MOST = 18.0;  // crystals of the farthest ring

void main() {
    vec2 q = (v_from - v_open.xy) / v_open.zw;
    float r2 = dot(q, q) + 1e-4, far = 0.5 * log2(r2), turn = atan(q.x, q.y) * 0.15915494, up = max(q.y, 0.0) * inversesqrt(r2);
    float pixel = 1.4427 * v_seed.y * inversesqrt(r2) / min(v_open.z, v_open.w), high = smoothstep(-0.04, 0.22, v_from.y), longest = v_teeth.x + v_teeth.y * up * up;
    float soft = high / (3.0 * pixel * (1.0 + 3.0 * v_teeth.x));
    // Light in the opening, mist that lies under it, and where there is one a lamp far outside.
    vec3 light = v_deep * (0.6 + 0.4 * exp2(-1.44 * r2)) + v_lit * (exp2(-2.3 * r2) + 0.45 * exp2(-20.0 * v_from.y * v_from.y));
    float veil = 0.86 - 0.77 * v_lamp.z * exp2(-43.0 * dot(v_from - v_lamp.xy, v_from - v_lamp.xy));
    for (int k = 0; k < RINGS; k++) {
        float near = float(k), x = turn * (MOST - 2.0 * near) + 0.37 * near, column = floor(x), f = x - column;
        vec3 h = fract(vec3(column + v_seed.x, column, near + 3.0) * vec3(0.1031, 0.1030, 0.0973));
        h += dot(h, h.yzx + 33.33);
        h = fract((h.xxy + h.yzz) * h.zyx);
        float apex = 0.30 + 0.40 * h.z, off = f - apex, side = 1.0 + off / (off < 0.0 ? apex : apex - 1.0), large = h.x * h.x * h.x;
        float in_it = far - 0.44 * near + longest * (0.16 + 0.64 * h.y + 0.75 * large * large) * side * mix(1.0, 2.0 - side, v_teeth.z), cover = clamp(soft * in_it, 0.0, high);
        // Two faces; light comes from the opening, and runs along the edge between them. Towards its tip it is clear; some tips flash.
        float face = off < 0.0 ? 0.50 + 0.80 * h.z : 1.25 - 0.95 * h.z, lit = exp2(-2.4 * max(in_it, 0.0)), ridge = max(1.0 - abs(off) * v_shine.x, 0.0);
        float glint = max(1.0 - 300.0 * (0.30 * off * off + (in_it - 0.05) * (in_it - 0.05)), 0.0) * v_shine.y * h.y;
        vec3 wall = v_rock * (face * (1.1 - 0.26 * near) * (0.20 + 0.80 * lit)) + (off < 0.0 ? v_edge : v_edge + v_tint) * (lit * (1.0 - 0.20 * near) * (0.06 + lit * (0.75 * face * face + 0.9 * ridge) + glint * glint));
        light = mix(light, wall, cover);
        veil = mix(veil, 1.0, cover);
    }
    veil *= smoothstep(-0.30, 0.02, v_from.y);
    f_colour = vec4(light * veil, veil) * u_fade;
}
