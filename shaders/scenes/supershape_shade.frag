#version 330 core
// Under the body: the shadow where it touches, the wider one that it throws, and its own light on the sand.
#include "lib/frame.glsl"
#include "lib/form/gesture.glsl"

in vec2 v_off;
flat in vec4 v_mood_a, v_mood_b;
flat in float v_over;

out vec4 f_colour;

void main() {
    Mood m = mood_of(v_mood_a, v_mood_b);
    vec2 at = v_off, away = at - vec2(0.25, -0.10) * (1.0 + v_over);
    float fade = smoothstep(2.6, 1.6, abs(at.x)) * smoothstep(-1.5, -0.9, at.y) * smoothstep(1.9, 1.2, at.y);
    float touch = exp(-dot(at, at) * 5.0) * exp(-3.0 * v_over), under = exp(-dot(away, away) * 1.7) / (1.0 + 0.8 * v_over);
    // Fear: the one shaft stands at the right, and the shadow is long.
    const vec2 AWAY = vec2(-0.95, 0.31);
    float far = dot(at, AWAY), off = abs(dot(at, AWAY.yx * vec2(-1.0, 1.0))), wide = 0.55 + 0.16 * max(far, 0.0);
    float thrown = m.fear * smoothstep(wide + 0.10 + 0.2 * far, wide - 0.15, off) * smoothstep(-0.2, 0.2, far) * smoothstep(2.6, 0.8, far);
    float dark = max(max(0.80 * touch, 0.62 * under * (1.0 - 0.5 * m.sad - 0.6 * m.surprise - 0.6 * m.sleep)), 0.85 * thrown);
    vec3 warm = mix(u_palette[2], u_palette[3], 0.45);
    float glow = exp(-1.3 * dot(at, at)) * (0.12 * m.happy + 0.20 * m.sad + 0.40 * m.surprise + 0.45 * m.angry + 0.10 * m.neutral + 0.25 * m.sleep) * (0.4 + 1.2 * u_glow + u_welcome);
    vec3 light = warm * glow * (1.0 - 0.8 * touch) + u_counter * m.fear * 0.10 * exp(-0.9 * dot(at * vec2(0.8, 1.4), at * vec2(0.8, 1.4))) * (1.0 - thrown);
    f_colour = vec4(light, dark) * (fade * u_fade * mix(0.25, 1.0, u_stage));
}
