#version 330 core
// A thread and its bead: pollen that shines, water that mirrors the room, slime in between. Soft by itself, so never jagged.
#include "lib/frame.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"

in vec3 v_position;
in vec4 v_thread;
in vec3 v_kind;

out vec4 f_colour;

void main() {
    float across = v_thread.x, ball = v_thread.z, in_ball = step(-0.999, ball), water = v_kind.y;
    float far = across * across + in_ball * ball * ball;
    float cover = v_thread.w * mix(1.0 - far, smoothstep(1.0, mix(0.65, 0.0, min(2.2 * fwidth(across), 1.0)), far), in_ball);
    vec3 n = vec3(across, -ball * in_ball, sqrt(max(1.0 - far, 0.0)));
    // A drop gathers light on the side away from its lamp.
    vec3 mirrored = environment(normalize(reflect(vec3(0.0, 0.0, -1.0), n)), 0.0);
    float lens = smoothstep(0.5, -0.7, dot(n.xy, vec2(-0.55, 0.83)));
    vec3 drop = mix(u_palette[1], u_palette[2], 0.5) * 0.35 + mirrored * (0.5 + u_fill) + u_palette[3] * lens * 0.6;
    vec3 pollen = mix(u_palette[2], u_palette[3], 0.4 + 0.6 * n.z) * (0.35 + 0.8 * n.z) * (0.5 + 1.3 * v_kind.x);
    vec3 light = mix(pollen, drop, water);
    cover *= mix(mix(0.85, 0.45, water), 0.95 - 0.22 * water, in_ball);
    f_colour = vec4(light, 1.0) * (u_fade * cover);
}
