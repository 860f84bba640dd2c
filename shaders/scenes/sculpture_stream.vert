#version 330 core
// What is in the air round a statue, in threads of grains: rain, tears, sparks that fly up, splinters that are flung out, a ring thrown off, dust drawn in or settling.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/figure.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/colour/ramp.glsl"
#define HAZE_PLACE vec2(0.5, 0.6)
#include "lib/light/shade.glsl"
#include "lib/texture/worn_softly.glsl"
uniform float u_grains, u_reach;

in vec2 in_uv;  // x from thread to thread in [-1, 1], y along them in [0, 1]

out vec3 v_thread;  // which thread, how far along it [0, 1], how many grains are on it
out vec3 v_light;
out vec4 v_kind;    // how many threads there are [0, 1], how far grains are drawn out, how they thin towards the end, how dense they are

// A place along an arm from the neck (0) over shoulder, elbow and wrist to the finger tips (1).
vec3 along_arm(Figure f, int i, float a) {
    vec3 tip = f.palm[i] + 0.5 * (f.palm[i] - f.wrist[i]);
    vec3 p = mix(f.neck, f.shoulder[i], clamp(a / 0.2, 0.0, 1.0));
    p = mix(p, f.elbow[i], clamp((a - 0.2) / 0.3, 0.0, 1.0));
    p = mix(p, f.wrist[i], clamp((a - 0.5) / 0.3, 0.0, 1.0));
    return mix(p, tip, clamp((a - 0.8) / 0.2, 0.0, 1.0));
}

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    float s = f.size, u = in_uv.x, v = in_uv.y, a = abs(u), side = u < 0.0 ? -1.0 : 1.0, reach = 0.4 + 0.6 * u_reach;
    int i = u < 0.0 ? 1 : 0;
    vec3 sky = vec3(0.0, 1.0, 0.0), right = vec3(1.0, 0.0, 0.0);
    float most = max(max(max(m.sad, m.angry), max(m.fear, m.happy)), max(m.surprise, m.neutral)), shown = f.grown;
    vec3 p = f.chest;
    vec4 kind = vec4(0.0);
    vec2 span = vec2(1.0);  // across all threads and along them, shares of the size
    float threads = 60.0, many = 30.0, bright = 1.0, counter = 0.0;
    if (f.grown < 0.5 || most == m.neutral) {
        // Asleep, dust settles like fine snow, wide and far apart; in calm the air is still.
        p = vec3(f.head.x + s * (1.1 + 0.018 * v) * u, mix(1.3 + 0.3 * sin(9.0 * u), f.ground + 0.05 * s, v), f.head.z);
        kind = vec4(0.9, 0.45, 0.0, 0.17 * (1.0 - a * a));
        span = vec2(2.2, 3.0);
        many = 22.0; bright = 1.6;
        shown = smoothstep(0.45, 0.35, f.grown);
    } else if (most == m.sad) {
        // Rain falls round it; from a bust's eyes it runs.
        p = vec3(f.head.x + 2.6 * s * u + 0.10 * v, mix(1.25, f.ground, v), f.pelvis.z + s * mix(-0.5, 0.5, fract(7.0 * a)));
        vec3 eye = f.head + s * 0.22 * f.face * vec3(side * (0.13 + 0.26 * a), -0.02 - 0.04 * a, 0.72);
        vec3 cheek = vec3(mix(eye.x, f.head.x + side * s * (0.04 + 0.14 * a), v), mix(eye.y, -1.15, v * v), eye.z + 0.25 * s * v);
        p = mix(p, cheek, f.near);
        kind = mix(vec4(0.55, 3.0, 0.0, 0.20 * smoothstep(1.0, 0.4, a)), vec4(0.6 * smoothstep(0.02, 0.1, a), 1.2, 0.3, 0.55), f.near);
        span = mix(vec2(5.2, 3.0), vec2(0.8, 0.7), f.near);
        threads = mix(230.0, 26.0, f.near); many = mix(8.0, 60.0, f.near); bright = mix(0.55, 1.2, f.near);
        counter = smoothstep(0.55, 0.95, u);
    } else if (most == m.happy) {
        vec3 root = along_arm(f, i, a) + s * vec3(0.0, 0.02, -0.06);
        root = mix(f.head + s * vec3(0.6 * u, 0.20 - 0.6 * a, -0.06), root, smoothstep(0.06, 0.16, a));
        float grow = (0.55 + 0.5 * sin(7.0 * a + 1.0) * sin(17.0 * a)) * reach;
        p = root + s * (v * (1.1 + 0.5 * grow) * sky + side * (0.16 + 0.5 * a) * v * v * right + (0.05 + 0.10 * v) * v * sin(5.0 * v - 1.1 * u_phase + 9.0 * u) * right);
        kind = vec4(0.95, 0.35, 0.9, mix(0.50, 0.34, f.near));
        span = vec2(3.0, 1.4);
        threads = 150.0; many = 60.0; bright = 1.9 - 1.0 * v;
    } else if (most == m.surprise) {
        float turn = 3.14159265 * u, beaten = 1.0 + 0.10 * u_pulse * beat(0.0) + 0.3 * u_welcome, r = s * reach * beaten * (0.42 + 1.15 * v);
        p = f.chest + s * 0.12 * sky + r * (sin(turn) * right + cos(turn) * normalize(vec3(0.10, -0.30, 1.0)));
        kind = vec4(0.95, 0.7, 0.2, 0.80 * smoothstep(0.0, 0.10, v) * (0.35 + 0.65 * smoothstep(0.45, 0.75, v)));
        span = vec2(6.0, 1.15);
        threads = mix(190.0, 260.0, f.near); many = mix(34.0, 52.0, f.near); bright = 1.5 + 1.7 * smoothstep(0.55, 0.8, v);
    } else if (most == m.angry) {
        float turn = 2.0 * u, h = fract(sin(floor(u * 14.0) * 12.9898) * 43758.5453);
        vec3 way = vec3(sin(turn) * 1.1, cos(turn), -0.25);
        p = mix(f.chest, f.neck, 0.4) + way * s * (0.22 + reach * (0.45 + 1.15 * h * h) * v) - 0.25 * s * v * v * sky;
        kind = vec4(0.8, 1.8, 0.8, 0.75);
        span = vec2(4.0, 1.3);
        threads = 170.0; many = 22.0; bright = 1.4 + v;
    } else {
        // Drawn in from all around.
        float turn = 3.14159265 * u;
        vec2 egg = vec2(sin(turn) * 0.62, cos(turn) * 0.5 * (f.head.y + 0.4 * s - f.ground) / s);
        vec3 middle = vec3(f.pelvis.x, 0.5 * (f.head.y + 0.2 * s + f.ground), f.pelvis.z);
        p = middle + s * vec3(egg * (1.12 + 0.75 * reach * (1.0 - v)), -0.2);
        kind = vec4(0.85, 0.9, 0.0, 0.55 * v * v * smoothstep(0.15, 0.4, v));
        span = vec2(6.0, 0.8);
        threads = 150.0; many = 22.0; bright = 0.55 + 0.8 * v;
    }
    float clear = smoothstep(0.05, 0.45, 2.0 * most - (m.sad + m.angry + m.fear + m.happy + m.surprise + m.neutral));
    shown *= (f.grown < 0.5 ? 1.0 : clear) * smoothstep(0.0, 24.0, u_grains);
    p += 0.012 * s * u_tremble * vec3(sin(u_phase * 23.0 + 30.0 * v), sin(u_phase * 19.0 + 40.0 * u), 0.0);
    vec3 own[4] = vec3[4](u_own_palette[4 * u_shape], u_own_palette[4 * u_shape + 1], u_own_palette[4 * u_shape + 2], u_own_palette[4 * u_shape + 3]);
    vec3 picture = worn_softly(p.xy * 0.42 + 0.5, 2.0);
    vec3 own_light = mix(dress_in(own, picture, 0.60 + 0.25 * v), u_palette[3], 0.2 * (1.0 - own_colours()));
    v_light = bright * mix(own_light * (0.55 * u_light + 0.30 * u_fill + 0.4 * u_glow) * 1.4, u_counter * (0.5 + 0.5 * u_light), counter) * (1.0 + 0.8 * u_welcome);
    v_kind = vec4(kind.xyz, kind.w * shown);
    // No grain is smaller than the pixels can show.
    vec2 most_grains = 0.5 * min(u_resolution.x, u_resolution.y) * exp2(floor(3.0 * log2(max(s, 0.05))) / 3.0) * span / vec2(8.0, 5.5);
    v_thread = vec3((u + 1.0) * 0.5 * min(threads, most_grains.x) * (0.35 + 0.65 * u_grains / 96.0), v, min(many, most_grains.y));
    gl_Position = shown < 0.01 ? vec4(2.0, 2.0, 2.0, 1.0) : to_clip(p);
}
