#version 330 core
// The shadow under a statue, and the pool its cloth and its drops run into.
#include "lib/frame.glsl"
#include "lib/noise/swell3.glsl"
in vec2 v_at;
flat in vec4 v_pool;
out vec4 f_colour;
void main() {
    float r = length(v_at), hem = v_pool.x;
    // Away from the key light, from above on the left, the shadow is long.
    vec2 thrown = v_at - vec2(0.35, -0.22);
    float shadow = 0.85 * exp(-2.2 * max(r - hem, 0.0) / 0.16) + 0.55 * exp(-1.6 * dot(thrown, thrown));
    float uneven = 0.10 * swell3(vec3(v_at * 2.1, 0.1 * u_phase));
    float pool = v_pool.y * smoothstep(1.25, 1.12, r + uneven), rings = 0.5 + 0.5 * sin(26.0 * (r + uneven) - 2.2 * u_phase);
    vec3 water = u_palette[2] * 0.06 + (u_palette[3] * 0.05 + u_counter * 0.03) * rings * rings * rings * smoothstep(hem, 1.1, r);
    vec3 glow = u_palette[2] * (0.05 * u_glow + 0.25 * u_welcome) * exp(-1.5 * r * r);
    float edge = smoothstep(1.5, 0.9, length(v_at * vec2(0.8, 1.0)));
    float alpha = clamp(shadow, 0.0, 0.9) * edge;
    alpha = max(alpha, 0.5 * pool * edge);
    f_colour = vec4((water * pool + glow) * edge * u_fade, alpha * u_fade);
}
