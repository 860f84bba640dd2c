#version 330 core
// Sand on the floor round a figure, rippled, thinning out grain by grain; the shadow that the figure throws over it.
#include "lib/frame.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/body/grains.glsl"
#include "lib/body/stone_light.glsl"
in vec2 v_at;
flat in vec4 v_pool;
out vec4 f_colour;
void main() {
    float away = hidden_light() > 0.5 ? -1.0 : 1.0, r = length(v_at * vec2(0.72, 1.0)), hem = v_pool.x;
    // Away from the lamp the shadow is long.
    vec2 thrown = vec2(v_at.x * away, v_at.y + 0.12 * v_at.x * away);
    float shadow = smoothstep(0.40 + 0.1 * thrown.x, 0.16, abs(thrown.y)) * smoothstep(-0.35, 0.15, thrown.x) * smoothstep(2.9, 0.6, thrown.x);
    shadow = max(0.85 * shadow, 0.9 * exp(-3.0 * max(r - 0.55 * hem, 0.0)));
    float wander = swell3(vec3(v_at * 1.3, 0.3)), lines = v_at.x * 9.0 + 2.2 * wander + 1.5 * v_at.y, ripple = cos(2.0 * lines) + 0.5 * sin(4.0 * lines);
    ripple = mix(ripple, cos(26.0 * r - 2.0 * u_phase), v_pool.y);
    Grain g = grain_at(v_at * vec2(1.0, 0.30) * v_pool.z, clamp(smoothstep(0.9 * hem, 2.1, r + 0.30 * wander) + 0.12 * ripple, 0.0, 1.0), 1.15);
    float lit = max(0.25 + 0.45 * ripple * -away + 0.4 * (g.lot.x - 0.5), 0.0) * (1.0 - 0.92 * shadow);
    vec3 own = dress_own(vec3(0.3), 0.50 + 0.2 * (g.lot.y - 0.5) + u_self[u_shape].y);
    vec3 light = own * (lit * u_light * 0.95 + 0.10 * u_fill) + u_counter * step(0.93, g.lot.y) * 0.25 * (1.0 - 0.7 * shadow);
    light += u_palette[2] * (0.05 * u_glow + 0.25 * u_welcome) * exp(-1.5 * r * r);
    float there = g.there * smoothstep(1.70, 1.3, r), dark = 0.75 * shadow * smoothstep(2.8, 1.2, length(v_at * vec2(0.8, 1.6)));
    f_colour = vec4(light * there, max(there, dark)) * u_fade;
}
