#version 330 core
// What flashes is held back: the picture before stays on, like a long exposure.
#include "lib/noise/hash.glsl"
uniform sampler2D u_source;
uniform sampler2D u_before;  // what was shown before
uniform sampler2D u_hold;    // red: the share of it that stays
uniform vec4 u_part_held;
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 at = (v_uv - u_part_held.xy) / u_part_held.zw;
    vec4 now = texture(u_source, at), before = texture(u_before, at);
    // Linear light is what is averaged; half a step of noise lets eight bits arrive where they go.
    float noise = hash_lattice(ivec3(ivec2(gl_FragCoord.xy), floatBitsToInt(before.r + now.g))) - 0.5;
    f_colour = sqrt(mix(now * now, before * before, texture(u_hold, v_uv).r)) + noise / 255.0;
}
