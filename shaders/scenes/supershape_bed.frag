#version 330 core
// Sand in ripples, and on it the net of light that the moving surface throws; cracks that glow where a vent is, rings of small lights in the night.
#include "lib/frame.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/place/floor.glsl"

in vec2 v_at;
flat in vec4 v_place_a, v_place_b;

out vec4 f_colour;

void main() {
    float calm = v_place_a.x, weep = v_place_a.y, hard = v_place_a.z, hide = v_place_a.w, open = v_place_b.x, burst = v_place_b.y, murk = v_place_b.z;
    vec2 ground = place_ground(v_at);
    float there = exp(-0.42 * (ground.y - 1.0)) * smoothstep(0.0, 0.08, place_horizon_y() - v_at.y), pixel = fwidth(ground.y);
    float bent = swell3(vec3(ground * vec2(0.9, 1.3), 1.0)), phase = 15.0 * ground.y + 2.2 * ground.x + 3.2 * bent, fine = smoothstep(2.4, 0.7, 15.0 * pixel);
    float ripple = sin(phase) + 0.35 * sin(2.3 * phase + 4.0 * ground.x), lit = ripple * fine;
    vec2 net = ground * vec2(1.9, 2.6) + 0.35 * bent;
    float one = swell3(vec3(net, 0.30 * u_phase)), two = swell3(vec3(net.yx * 1.17 + 2.3 + 0.5 * one, 2.0 - 0.24 * u_phase)), cell = min(abs(one), abs(two));
    float web = pow(max(1.0 - 2.6 * cell, 0.0), 3.0) + 0.35 * max(1.0 - 2.0 * abs(one), 0.0);
    vec3 body = u_palette[2], tip = u_palette[3], day = mix(body, tip, 0.55);
    vec3 light = day * web * (0.34 * open + 0.17 * calm + 0.06 * weep + 0.05 * murk + 0.015 * hide);
    light += day * max(lit, 0.0) * (0.06 * open + 0.045 * calm + 0.022 * weep + 0.03 * murk) + mix(tip, body, 0.4) * burst * (0.03 * max(lit, 0.0) + 0.05 * web);
    light += mix(body, tip, 0.3 * one + 0.3) * hard * (0.55 * exp(-30.0 * cell) + 0.10 * exp(-6.0 * cell)) * smoothstep(1.9, 0.2, abs(v_at.x + 0.1));
    light += u_counter * hide * max(lit, 0.0) * 0.012;
    float dark = max(-lit, 0.0) * (0.24 + 0.20 * hard - 0.16 * hide) + 0.12 * (1.0 - web) * open;
    f_colour = vec4(light * there, clamp(dark, 0.0, 0.6) * there) * (u_fade * u_stage);
}
