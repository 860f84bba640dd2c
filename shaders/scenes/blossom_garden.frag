#version 330 core
// Blades against the light, leaves that float with the sky on them, and small blossoms in the haze.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"

in vec2 v_on;
in vec3 v_air;
flat in vec4 v_kind;
flat in vec4 v_first, v_last;

out vec4 f_colour;

void main() {
    moods_are(v_first, v_last);
    float kind = v_kind.x, lot = v_kind.z, far = v_kind.w, there;
    vec3 green = mix(u_palette[1], u_palette[2], 0.22) * vec3(0.62, 0.80, 0.62), light;
    if (kind < 0.5 || kind > 2.5) {
        float soft = kind > 2.5 ? 0.75 : 1.6 * fwidth(v_on.x);
        there = smoothstep(1.0, 1.0 - min(soft, 0.95), abs(v_on.x)) * (kind > 2.5 ? 0.94 * smoothstep(1.0, 0.85, v_on.y) : 1.0);
        there *= v_on.y < 0.0 ? 0.55 * max(1.0 + 4.0 * v_on.y, 0.0) * (1.0 - MOOD[FEAR]) : 1.0;
        light = kind > 2.5 ? u_palette[0] * 0.30 + v_air * 0.06 + green * 0.05 * v_on.y : mix(u_palette[0] * 0.35 + green * 0.14, v_air, 0.10 + 0.45 * far);
        light += v_air * (kind > 2.5 ? 0.20 : 0.40) * smoothstep(0.2, 1.0, v_on.x) * abs(v_on.y);
    } else if (kind < 1.5) {
        float r = length(v_on), a = atan(v_on.y, v_on.x), fine = fwidth(r), cut = abs(fract((a - 6.2832 * lot) / 6.2832 + 0.5) - 0.5) * 6.2832;
        float lobe = 0.90 + 0.02 * sin(7.0 * a + 20.0 * lot), hole = smoothstep(0.10, 0.16, cut * r + 0.16 * (1.0 - step(0.05, r)));
        there = smoothstep(lobe, lobe - 2.0 * fine - 0.02, r) * hole;
        float veins = pow(0.5 + 0.5 * cos(11.0 * a + 3.0 * lot), 6.0) * smoothstep(0.9, 0.2, r) * smoothstep(0.4, 0.05, fine * 4.0), rim = smoothstep(0.70, 0.88, r);
        light = green * (0.22 + 0.16 * u_light) * (1.0 - 0.35 * veins) * (0.8 + 0.4 * lot) + v_air * (0.30 + 0.35 * smoothstep(-0.6, 0.9, v_on.y)) + v_air * 0.7 * rim * smoothstep(0.0, 0.8, v_on.y);
        light = mix(light, light * 0.45, smoothstep(-0.62, -0.9, v_on.y) * (1.0 - 0.5 * rim));
        there *= 0.95;
    } else {
        float t = v_on.y, edge = 1.0 - abs(v_on.x), fine = fwidth(v_on.x);
        there = smoothstep(0.0, 1.6 * fine, edge);
        vec3 petal = mix(u_palette[2], u_palette[3], 0.15 + 0.55 * lot * t);
        float rib = 0.80 + 0.20 * smoothstep(0.0, 0.3, abs(v_on.x)), lit = mix(0.10, 1.0, t * t * (3.0 - 2.0 * t)) * mix(0.62, 1.0, lot);
        light = petal * rib * lit * (0.42 + 0.50 * u_light) + petal * 0.30 * smoothstep(0.45, 0.0, edge) * t;
        light += u_palette[3] * 0.40 * exp(-9.0 * t * t) * step(0.5, lot) * (0.3 + u_glow + MOOD[FEAR]);
        light = mix(light * (1.0 - 0.72 * MOOD[FEAR]), v_air, 0.12 + 0.42 * far);
    }
    f_colour = vec4(light, 1.0) * (there * v_kind.y * u_fade * u_stage);
}
