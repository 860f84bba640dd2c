#version 330 core
// Threads of light over soft cloth: fine and sharp near the eye, each with a light and a length of its own; they end in a fade.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"

in vec4 v_thread;
in vec4 v_look;
in vec3 v_size;
in vec2 v_at;
flat in vec4 v_first, v_last;
out vec4 f_colour;

// A set of threads at x of them: 1 on one, each bright in its own way; thick in threads, never under a pixel, and even where they are too close.
float threads(float x, float thick, out float lot) {
    float px = fwidth(x), cell = floor(x), half_one = max(thick, 0.75 * px);
    lot = fract(sin(cell * 12.9898) * 4375.85);
    float on = max(1.0 - abs(x - cell - 0.25 - 0.5 * lot) / half_one, 0.0);
    return mix(on, half_one, smoothstep(0.35, 0.8, px)) * (0.25 + 0.75 * fract(lot * 7.3));
}

void main() {
    moods_are(v_first, v_last);
    float t = v_thread.x, d = v_thread.y, deep = v_size.y, lot, other, end = v_thread.z;
    float strands = MOOD[DISGUST], many = mix(64.0, 34.0, strands) * clamp(v_size.x / 60.0, 0.35, 1.0) * mix(1.0, 0.5, v_size.z);
    float bent = t + 0.010 * sin(2.1 * d + 9.0 * t);
    float fine = threads(bent * many, mix(0.16, 0.34, strands), lot), wide = threads(bent * many * 0.23 + 7.7, 0.10, other);
    // Each has its own end, and none stops short.
    float ends = smoothstep(1.0, 0.80, end / mix(0.78 + 0.22 * lot, 1.0, v_look.w)), last = smoothstep(1.0, 0.82, end);
    float fold = 0.5 + 0.30 * sin(7.0 * t + 0.9 * sin(0.8 * d) + 0.12 * u_phase) + 0.20 * sin(17.0 * t - 0.7 * sin(0.6 * d));
    float key = v_look.x, lit = key * key, face = v_look.w, open = 1.0 - v_look.y;
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_at * 0.7);
    int own = u_shape * 4;
    vec3 middle = mix(u_palette[2], u_own_palette[own + 2], 0.5), accent = mix(u_palette[3], u_own_palette[own + 3], 0.5);
    vec3 tone = mix(middle, accent, clamp(0.15 + 0.75 * lit, 0.0, 1.0));
    // Drops run down the threads where it weeps.
    float drop = fract(0.55 * d - 0.22 * u_phase + 5.0 * lot);
    float bead = MOOD[SAD] * drop * drop * drop * drop * smoothstep(0.5, 1.2, d);
    float rim = smoothstep(0.72, 1.0, abs(t)) * (1.0 - 0.85 * v_size.z), cloth = (0.10 + 0.20 * fold) * mix(1.0, 0.45, smoothstep(2.6, deep, d));
    vec3 light = tone * (cloth * (0.22 + 1.15 * lit) * mix(1.0, 0.8, face));
    light += tone * fine * ends * (0.07 + 1.85 * lit + 1.4 * bead) * open;
    light += mix(accent, vec3(1.0), 0.2) * wide * ends * (0.15 + 0.8 * lit) * open;
    light *= mix(1.0, open, 0.8);
    light += (u_counter * (t > 0.0 ? 1.0 : 0.25) + accent * (t > 0.0 ? 0.15 : 0.7)) * rim * rim * (0.30 + 0.5 * fine) + accent * v_look.z * 0.9;
    light += accent * u_welcome * (0.3 + fine);
    light *= (0.40 + 0.45 * u_light + 0.30 * u_glow) * last;
    light = own_tint(light, picture);
    float edge = (1.0 - abs(t)) / max(fwidth(t), 1e-4), soft = smoothstep(0.0, 1.5, edge) * mix(1.0, smoothstep(0.0, 0.35, 1.0 - abs(t)), v_size.z);
    float cover = mix(0.80, 0.30, smoothstep(2.6, deep, d)) * last * mix(1.0, 0.6, v_size.z);
    f_colour = vec4(light, cover) * soft * v_thread.w * u_fade;
}
