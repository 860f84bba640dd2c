#version 330 core
// The plinth of a statue: its stone, and the shadow that the statue throws over it.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/body/grains.glsl"
#include "lib/body/stone_light.glsl"
in vec3 v_position;
in vec3 v_normal;
in vec3 v_at;
flat in vec2 v_own;
out vec4 f_colour;
void main() {
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    float away = hidden_light() > 0.5 ? -1.0 : 1.0, r = length(v_at.xy), facing = dot(n, v);
    if (facing < 0.0) discard;
    // Away from the lamp lies its shadow; round the hem it is dark.
    float across = v_at.y + 0.45 * v_at.x * away, shadow = smoothstep(0.52, 0.30, abs(across) + 0.35 * max(-v_at.z, 0.0)) * smoothstep(-0.1, 0.35, v_at.x * away);
    float open = (1.0 - 0.80 * shadow) * mix(1.0, smoothstep(0.85, 1.10, r / v_own.y), 0.85 * n.y) * mix(1.0, smoothstep(-0.10, -0.02, v_at.z), 0.45 * (1.0 - n.y) * step(-0.121, v_at.z));
    float cloudy = swell3(vec3(v_at * 2.6 + 1.0)), vein = smoothstep(0.06, 0.0, abs(cloudy));
    vec3 light = stone_light(n, v, v, Grain(vec3(0.5 + 0.3 * cloudy - 0.5 * vein, 0.5, 0.5), 1.0, 0.0), vec3(0.30), 0.22 + 0.07 * cloudy - 0.18 * vein + u_self[u_shape].y, 0.6, vec2(0.45 + 0.55 * open, open), 0.35 * clamp(u_droop, 0.0, 1.0), 0.4);
    f_colour = vec4(haze(light, smoothstep(0.5, -0.9, v_position.z)) * 0.55 * u_fade, u_fade);
}
