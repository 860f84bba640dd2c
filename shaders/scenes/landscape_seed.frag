#version 330 core
// A grain of light, a bird, a boat, or a drop that hangs on its thread.
#include "lib/frame.glsl"

in vec2 v_on;
flat in vec4 v_kind;
flat in vec3 v_colour;
out vec4 f_colour;

void main() {
    float there, light = v_kind.x;
    vec3 colour = v_colour;
    if (v_kind.z > 1.5) {
        float keel = 0.30 * v_on.x * v_on.x, soft = 2.0 * fwidth(v_on.y), who = length((v_on - vec2(-0.22, -0.02)) * vec2(1.0, 0.36)), head = length((v_on - vec2(-0.22, 0.46)) * vec2(1.0, 0.9));
        float hull = smoothstep(-0.62 + keel - soft, -0.62 + keel, v_on.y) * smoothstep(-0.36 + keel + soft, -0.36 + keel, v_on.y) * smoothstep(1.0, 0.9, abs(v_on.x));
        float body = max(smoothstep(0.17, 0.10, who), smoothstep(0.13, 0.07, head)), lamp = length(v_on - vec2(0.66, 0.06)), mirror = exp(-pow((v_on.x - 0.66) / 0.10, 2.0)) * smoothstep(-0.52, -0.62, v_on.y) * smoothstep(-1.0, -0.6, v_on.y);
        float bright = smoothstep(0.16, 0.06, lamp) + 0.35 * exp(-9.0 * lamp * lamp) + 0.5 * mirror;
        there = max(hull, body);
        colour = mix(u_palette[0] * 0.6, colour * 1.6, min(bright, 1.0));
        there = clamp(there + bright, 0.0, 1.0);
    } else if (v_kind.z > 0.0) {
        // Two wings.
        float wing = 0.75 * v_kind.z * (1.0 - pow(abs(abs(v_on.x) - 0.45) / 0.55, 2.0)) - 0.2, thick = 0.30 * (1.0 - abs(v_on.x)) + 0.05;
        there = smoothstep(thick, 0.5 * thick, abs(v_on.y - wing));
    } else if (v_kind.z < 0.0) {
        float ball = length(vec2(v_on.x, (v_on.y - 0.86) * 7.0)), thread = abs(v_on.x) / mix(0.9, 0.16, smoothstep(-1.0, -0.2, v_on.y));
        there = max(smoothstep(1.0, 0.8, ball), smoothstep(1.0, 0.7, thread) * step(v_on.y, 0.86));
        colour += u_palette[3] * 0.8 * exp(-9.0 * dot(v_on - vec2(-0.3, 0.80), (v_on - vec2(-0.3, 0.80)) * vec2(1.0, 40.0)));
    } else {
        float r2 = dot(v_on, v_on);
        there = smoothstep(1.0, v_kind.y * 0.5, r2);
    }
    there *= v_kind.w;
    f_colour = vec4(colour * there, there * mix(1.0, 0.35, light)) * u_fade;
}
