#version 330 core
// A column of the hall: a fluted shaft on a base, under a capital; broken off in a ruin.
#include "lib/frame.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/place/backdrop.glsl"
in vec2 v_at;
flat in vec4 v_stone;
flat in vec4 v_moods;
out vec4 f_colour;
void main() {
    float up = v_at.y, under = v_stone.x - up, soft = fwidth(v_at.x);
    // Base and capital swell out in rings; the shaft grows thinner upwards.
    float shaft = 0.94 - 0.16 * up / v_stone.x, whole = 1.0 - v_stone.z, foot = exp(-1.6 * max(up - 0.45, 0.0)), cap = exp(-1.3 * max(under - 0.35, 0.0)) * whole;
    float wide = shaft + 0.40 * foot + 0.55 * cap, ring = 0.10 * cos(7.0 * up) * foot + 0.12 * cos(6.0 * under) * cap, x = v_at.x / (wide + 0.4 * ring);
    float worn = swell3(vec3(v_at * vec2(0.9, 0.45) + 20.0 * v_stone.w, 2.0)), torn = v_stone.z * (under + 1.1 * worn - 0.5 * v_at.x);
    float cover = smoothstep(1.0 + soft, 1.0 - soft, abs(x)) * mix(1.0, smoothstep(-soft, soft, torn), step(0.01, v_stone.z)) * smoothstep(0.0, soft, under + v_stone.z);
    if (cover < 0.02) discard;
    float turn = asin(clamp(x, -1.0, 1.0)), flute = sin(11.0 * turn) * smoothstep(0.55, 0.25, max(foot, cap)) * smoothstep(0.6, 0.15, soft * 6.0);
    vec3 n = normalize(vec3(x + 0.30 * flute * cos(turn), -0.8 * sin(7.0 * up) * foot + 0.8 * sin(6.0 * under) * cap, cos(turn)));
    vec3 lamp = mix(normalize(vec3(-0.76, 0.52, 0.38)), normalize(vec3(0.90, 0.10, 0.30)), v_moods.z);
    float key = smoothstep(-0.10, 0.95, dot(n, lamp)), rim = smoothstep(0.55, 1.0, dot(n, vec3(mix(1.0, -1.0, v_moods.z), 0.0, 0.0)));
    vec3 stone = u_palette[1] * 0.55 + mix(u_palette[2], u_palette[3], 0.35) * (0.16 + 0.30 * v_moods.x + 0.16 * v_moods.y);
    vec3 light = stone * (1.0 + 0.25 * worn) * (0.22 + 1.25 * key * v_moods.w) * mix(0.55, 1.0, smoothstep(0.0, 2.5, up)) + u_counter * (0.05 * rim + 0.30 * v_moods.z * key * key);
    vec3 behind = backdrop_near(u_part.xy + gl_FragCoord.xy / u_resolution);
    light = mix(light, behind, 0.75 * v_stone.y) * mix(0.8, 1.0, u_presence);
    f_colour = vec4(light, 1.0) * cover * u_stage * u_fade;
}
