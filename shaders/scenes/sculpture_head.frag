#version 330 core
// A face in stone under the thinnest cloth: carved anew at each pixel, so that it stays sharp where a visitor stands near.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/body/folds.glsl"
#include "lib/body/features.glsl"
#include "lib/body/marble.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_place;
in vec2 v_open;
flat in mat3 v_face;
flat in vec4 v_own;
flat in vec4 v_brow, v_lids, v_mouth, v_more;
out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    vec3 smooth_n = n;
    Expression e = Expression(v_brow, v_lids, v_mouth, v_more);
    float step_by = max(0.02, 0.9 * fwidth(v_place.y));
    vec2 q = v_place.xy;
    float h = features(q, e), hx = features(q + vec2(step_by, 0.0), e), hy = features(q + vec2(0.0, step_by), e);
    vec2 slope = vec2(hx - h, hy - h) / step_by * v_place.z;
    n = normalize(n - 1.15 * (v_face[0] * slope.x + v_face[1] * slope.y));
    n = normalize(n + v * max(0.0, 0.12 - dot(n, v)));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, q * 0.16 + 0.37 * u_self[u_shape].x);
    float hollow = mix(0.7, smoothstep(-0.20, 0.06, h), v_place.z);
    vec3 light = marble(v_position, n, smooth_n, v, picture, 0.50 + 0.16 * n.y + u_self[u_shape].y, hollow * 0.65, v_open, v_own.w);
    light *= mix(1.0, 0.25 + 0.75 * smoothstep(-0.26, -0.08, h), v_place.z);
    light = haze(light, smoothstep(0.5, -0.9, v_position.z));
    f_colour = vec4(light * u_fade, u_fade);
}
