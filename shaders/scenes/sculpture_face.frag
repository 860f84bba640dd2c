#version 330 core
// The face of a statue under its veil, carved anew at each pixel, so that it stays sharp where a visitor stands near.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/body/carving.glsl"
#include "lib/body/slabs.glsl"
#include "lib/body/grains.glsl"
#include "lib/body/stone_light.glsl"
#include "lib/body/features.glsl"
#include "lib/body/veiled.glsl"
#include "lib/body/stone_skin.glsl"
flat in vec4 v_brow, v_lids, v_mouth, v_more;

void main() {
    if (v_place.z < 0.4) discard;
    vec2 q = v_place.xy;
    Expression e = Expression(v_brow, v_lids, v_mouth, v_more);
    float k = veiled(q, e), step_by = max(0.006, 0.7 * fwidth(q.y));
    vec2 rise = (vec2(veiled(q + vec2(step_by, 0.0), e), veiled(q + vec2(0.0, step_by), e)) - k) / step_by;
    float hollow = mix(1.0, 0.15 + 0.85 * smoothstep(-0.24, -0.06, k), v_place.z);
    stone_skin(1.05 * v_place.z * (rise.x * v_face[0] + rise.y * v_face[1]), 0.0, hollow, v_place.z, 1.0);
}
