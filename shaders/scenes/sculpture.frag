#version 330 core
// Cloth of stone: sleeves, hands and mantle of a statue.
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
#include "lib/body/marble.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_across;
in vec4 v_cloth;
in vec2 v_open;
flat in vec4 v_style;
flat in vec4 v_own;
out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    n = dot(n, v) < 0.0 ? -n : n;
    vec3 smooth_n = n;
    float grain = 0.012;
    vec2 at = v_cloth.xy;
    float h = folds(at, v_style), hx = folds(at + vec2(grain, 0.0), v_style), hy = folds(at + vec2(0.0, grain), v_style);
    float deep = v_cloth.z * 0.9 / grain;
    vec3 across = normalize(v_across), down = cross(n, across);
    down *= down.y > 0.0 ? -1.0 : 1.0;
    n = normalize(n - (across * (hx - h) + down * (hy - h)) * deep);
    n = normalize(n + v * max(0.0, 0.15 - dot(n, v)));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, at * vec2(0.45, 0.35) + 0.37 * u_self[u_shape].x);
    // Deep towards the ground: the light and the eye stay with the face.
    float tone = 0.47 + v_cloth.w + 0.20 * n.y - 0.13 * clamp(v_cloth.y, 0.0, 1.9) + u_self[u_shape].y;
    vec3 light = marble(v_position, n, smooth_n, v, picture, tone, h, v_open, v_own);
    light = haze(light, smoothstep(0.5, -0.9, v_position.z));
    f_colour = vec4(light * u_fade, u_fade);
}
