#version 330 core
// A strip of weed, rock or slime: lit from above on one side, its outline as sharp as it is near, its foot lost in what lies on the floor.
#include "lib/frame.glsl"

in vec3 v_at;
flat in vec4 v_kind;
flat in vec3 v_lit, v_dark;

out vec4 f_colour;

void main() {
    float across = v_at.x, q = v_at.y, soft = v_at.z;
    // A ribbon is a stalk with blades by turns on either side, which point up.
    float leaf = fract(9.0 * (q - 0.05 * abs(across)) + 0.5 * step(0.0, across)), blade = mix(1.0, 0.10 + 0.90 * sqrt(leaf) * (1.0 - leaf) * 2.6, v_kind.z);
    float cover = smoothstep(blade + soft, blade - soft, abs(across)) * smoothstep(0.0, 0.08, q) * smoothstep(1.0, 0.97, q) * v_kind.w;
    float face = smoothstep(0.25, -0.25, across + 0.3 * v_kind.y * sin(9.0 * q)), round_ = 1.0 - min(across * across, 1.0), rim = smoothstep(0.5, 1.0, abs(across));
    float lit = mix(0.25 + 0.75 * round_ * (0.5 - 0.5 * across), face, v_kind.y) * (0.30 + 0.70 * q) + v_kind.z * (0.35 * q + 0.35 * exp(-40.0 * across * across)) + 0.15 * rim;
    vec3 light = mix(v_dark, v_lit, clamp(lit, 0.0, 1.4)) + mix(u_palette[3], u_palette[2], 0.3) * v_kind.x * smoothstep(0.75, 1.0, q) * 2.0;
    f_colour = vec4(light, 1.0) * (u_fade * cover);
}
