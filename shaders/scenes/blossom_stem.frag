#version 330 core
// Stem and leaves: dark, waxy, with a midrib, a rim of the light from behind, and the blossom's own light from above.
#include "lib/frame.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/form/gesture.glsl"

in vec3 v_position;
flat in vec4 v_mood_a, v_mood_b;
in vec3 v_normal;
in vec4 v_leaf;

out vec4 f_colour;

const vec3 BEHIND = vec3(0.42, 0.38, -0.82);

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = normalize(v_normal);
    n = dot(n, v) < 0.0 ? -n : n;
    float along = v_leaf.x, across = v_leaf.y, is_leaf = v_leaf.z;
    float inside = mix(1.0, 1.0 - abs(across), is_leaf), cover = clamp(inside / (fwidth(inside) + 1e-4), 0.0, 1.0) * mix(smoothstep(0.0, 0.09, along), 1.0, is_leaf);
    if (cover < 0.04) discard;
    // Ribs run from the midrib to the edge.
    float rib = abs(across) * 1.2 - along * 7.0, fine = fwidth(rib);
    float veins = (1.0 - abs(sin(3.14159265 * rib))) * smoothstep(0.5, 0.1, fine) + smoothstep(0.10, 0.02, abs(across));
    vec3 green = mix(u_palette[1], u_palette[2], 0.22) * vec3(0.62, 0.80, 0.62) * 0.55;
    vec3 albedo = green * (1.0 - 0.35 * veins * is_leaf);
    float low = smoothstep(-0.95, -0.35, v_position.y);
    vec3 light = shade(n, v, albedo, 0.38, mix(0.3, 0.9, low), mix(0.25, 0.9, low));
    float through = max(dot(-n, BEHIND) * 0.6 + 0.35, 0.0) * is_leaf;
    light += green * green * 3.0 * through * u_light * (1.0 - 0.5 * veins);
    float graze = 1.0 - max(dot(n, v), 0.0), g2 = graze * graze;
    float edge = is_leaf * smoothstep(0.75, 1.0, abs(across));
    Mood m = mood_of(v_mood_a, v_mood_b);
    float rim = mix(0.14, 0.42, is_leaf) + (0.9 * m.fear + 0.5 * m.sleep + m.disgust) * (0.3 + 0.7 * is_leaf);
    light += u_counter * (rim * g2 * g2 * (1.0 + 1.2 * max(n.x, 0.0) * m.fear) + 0.10 * edge) * mix(0.35, 1.0, low) * u_fill;
    light = haze(light, smoothstep(0.5, -1.0, v_position.z) * 0.85);
    f_colour = vec4(light, 1.0) * (u_fade * cover);
}
