#version 330 core
// A mote: a point of light, or near the eye a disc out of focus with a brighter border.
#include "lib/frame.glsl"

in vec2 v_at;
flat in vec4 v_light;
flat in float v_soft;

out vec4 f_colour;

void main() {
    float away = length(v_at), cover = smoothstep(1.0 + 0.5 * v_soft, 1.0 - v_soft, away);
    f_colour = vec4(v_light.rgb * cover * mix(1.0, 0.55 + 0.9 * smoothstep(0.3, 0.9, away), v_light.w) * u_fade * u_stage, 0.0);
}
