#version 330 core
// Dark water: the blossom's light on it, drawn long towards the viewer, its own shadow at the root, and rings where drops fall
// or something has burst.
#include "lib/frame.glsl"
#include "lib/form/gesture.glsl"

in vec3 v_position;
in vec3 v_root;
in vec4 v_head;
flat in float v_crack;  // how far light falls out of a crack in the form

out vec4 f_colour;

float ring(vec2 at, float far, float fine) {
    float d = (length(at) - far) * fine;
    return exp(-d * d) * (1.0 - 0.5 * d);
}

void main() {
    Mood m = mood_now();
    vec2 at = v_position.xz - v_root.xz;
    float out_by = length(at * vec2(1.0, 1.15)), fade = smoothstep(2.1, 0.4, out_by) * smoothstep(0.9, 0.62, v_position.z);
    // Ripples: slow ones always, drops' in sadness, one wide ring in surprise and for who arrives.
    float ripple = 0.10 * sin(17.0 * at.y + 3.0 * at.x + u_phase * 0.7) * sin(9.0 * at.x - 4.0 * at.y + u_phase * 0.4), wave = 0.0;
    for (int i = 0; i < 3; i++) {
        float life = fract(u_phase * 0.11 + float(i) * 0.37), k = float(i) + floor(u_phase * 0.11 + float(i) * 0.37);
        vec2 drop = at - vec2(v_head.x - v_root.x + 0.34 * sin(k * 5.1), 0.22 * cos(k * 7.7));
        wave += m.sad * ring(drop, 0.75 * life, 26.0 - 12.0 * life) * (1.0 - life);
    }
    float burst = fract(u_phase * 0.10);
    wave += m.surprise * (ring(at, 0.45 + 0.10 * sin(u_phase * 0.5), 14.0) + 0.7 * ring(at, 0.95, 10.0));
    wave += u_welcome * ring(at, 1.9 * (1.0 - u_welcome), 6.0);
    // The head's light: where the water would mirror it, and all round.
    vec2 head = at - vec2(v_head.x - v_root.x, v_head.z - v_root.z);
    float streak = exp(-pow((head.x + 0.16 * (ripple + wave)) / (0.55 * v_head.w), 2.0)) * smoothstep(-0.9, 0.75, at.y);
    float glow = 0.5 * exp(-2.2 * dot(head, head)) + 0.55 * streak * (0.75 + 2.0 * ripple);
    vec3 light = mix(u_palette[1], u_palette[2], 0.55) * glow * (0.30 + 0.35 * u_light + 0.5 * u_glow) * 0.42;
    light += u_palette[3] * (max(wave, 0.0) * 0.16 + u_welcome * 0.10 * exp(-3.0 * dot(at, at)));
    // Fear: light from a door lies low over the floor, and the form's shadow is long in it; a crack lets its own light out.
    const vec2 AWAY = vec2(-0.93, 0.37);
    float far = dot(at, AWAY), off = abs(dot(at, AWAY.yx * vec2(-1.0, 1.0))), wide = 0.34 * v_head.w * (1.0 + 0.35 * max(far, 0.0));
    float thrown = m.fear * smoothstep(wide + 0.05 + 0.12 * far, wide - 0.10, off) * smoothstep(-0.10, 0.10, far) * smoothstep(1.9, 0.5, far);
    light += u_counter * m.fear * 0.26 * exp(-1.1 * dot(at * vec2(0.9, 1.2), at * vec2(0.9, 1.2))) ;
    light += u_palette[3] * v_crack * 0.45 * smoothstep(0.05 + 0.24 * max(at.y, 0.0), 0.0, abs(at.x + 0.12 * at.y)) * smoothstep(0.08, 0.60, at.y) * exp(-1.6 * at.y);
    // What stands there is mirrored towards the eye, darker than the light around it, and broken by ripples.
    float slip = (at.x + (0.05 + 0.16 * at.y) * (ripple + 0.5 * wave) - 0.10 * (v_head.x - v_root.x) * at.y) / (0.035 + 0.07 * max(at.y, 0.0));
    float mirrored = 0.55 * exp(-slip * slip) * smoothstep(0.0, 0.05, at.y) * exp(-1.7 * max(at.y, 0.0)) * (1.0 - m.fear);
    float contact = 1.0 - 0.75 * exp(-60.0 * dot(at, at));
    float shadow = max(max(0.55 * exp(-9.0 * dot(at, at)), mirrored), 0.8 * thrown);
    f_colour = vec4(light * contact * (1.0 - 0.85 * thrown) * (1.0 - mirrored) * fade, shadow * fade) * (u_fade * mix(0.25, 1.0, u_stage));
}
