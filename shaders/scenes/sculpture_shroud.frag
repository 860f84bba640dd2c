#version 330 core
// The shroud of a statue: folds, and a face carved anew at each pixel under the thinnest cloth, so that it stays sharp where a visitor stands near.
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
in vec3 v_across;
in vec4 v_cloth;
in vec2 v_open;
in vec3 v_place;
flat in mat3 v_face;
flat in vec4 v_style;
flat in vec4 v_own;
flat in vec4 v_brow, v_lids, v_mouth, v_more;
out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    n = dot(n, v) < 0.0 ? -n : n;
    vec3 smooth_n = n;
    float grain = 0.012, hollow = 1.0;
    vec2 at = v_cloth.xy;
    float h = folds(at, v_style), hx = folds(at + vec2(grain, 0.0), v_style), hy = folds(at + vec2(0.0, grain), v_style);
    float deep = v_cloth.z * 0.9 / grain;
    vec3 across = normalize(v_across), down = cross(n, across);
    down *= down.y > 0.0 ? -1.0 : 1.0;
    n = normalize(n - (across * (hx - h) + down * (hy - h)) * deep);
    if (v_place.z > 0.01) {
        Expression e = Expression(v_brow, v_lids, v_mouth, v_more);
        vec2 q = v_place.xy;
        float step_by = max(0.032, 0.9 * fwidth(v_place.y));
        float k = features(q, e), kx = features(q + vec2(step_by, 0.0), e), ky = features(q + vec2(0.0, step_by), e);
        vec2 slope = vec2(kx - k, ky - k) / step_by * v_place.z;
        n = normalize(n - 1.10 * (v_face[0] * slope.x + v_face[1] * slope.y));
        hollow = mix(1.0, 0.25 + 0.75 * smoothstep(-0.26, -0.08, k), v_place.z);
        h = mix(h, smoothstep(-0.20, 0.06, k) * 0.65, v_place.z);
    }
    n = normalize(n + v * max(0.0, 0.12 - dot(n, v)));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, at * vec2(0.45, 0.35) + 0.37 * u_self[u_shape].x);
    // Deep towards the ground: the light and the eye stay with the face.
    float tone = 0.50 + v_cloth.w + 0.18 * n.y - 0.12 * clamp(v_cloth.y, 0.0, 1.9) + u_self[u_shape].y;
    vec3 light = marble(v_position, n, smooth_n, v, picture, tone, h, v_open, v_own) * hollow;
    light = haze(light, smoothstep(0.5, -0.9, v_position.z));
    f_colour = vec4(light * u_fade, u_fade);
}
