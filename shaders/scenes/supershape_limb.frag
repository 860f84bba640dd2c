#version 330 core
// A spine, a tentacle or a strand, rounded on a strip that faces the eye; its tip holds light, or is hot, or hangs full of slime.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/gesture.glsl"

in vec3 v_position;
in vec4 v_limb;
in vec3 v_way;
in vec3 v_side;
flat in vec4 v_mood_a, v_mood_b;
flat in vec4 v_heart;

out vec4 f_colour;

void main() {
    Mood m = mood_of(v_mood_a, v_mood_b);
    float across = v_limb.x, q = v_limb.y, random = v_limb.z, soft = max(fwidth(across), 1e-3);
    float cover = clamp((1.0 - abs(across)) / soft + 0.5, 0.0, 1.0) * v_limb.w;
    if (cover < 0.01) discard;
    // At its very border nothing glints: that would be beads of single pixels.
    across = clamp(across, -0.93, 0.93);
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), side = normalize(v_side), n = normalize(side * across + cross(side, normalize(v_way)) * sqrt(1.0 - across * across) * 1.0);
    n = dot(n, v) < 0.0 ? n - 2.0 * dot(n, v) * v : n;
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, vec2(across * 0.05 + 3.0 * random, q * 0.8));
    float tone = 0.25 + 0.45 * q * q + 0.14 * (random - 0.5) + u_self[u_shape].y + 0.25 * m.neutral + 0.25 * m.sad + m.angry * (0.30 * q - 0.10) + 0.25 * m.happy + 0.25 * m.surprise + 0.15 * m.disgust + 0.10 * m.fear;
    vec3 albedo = dress_own(picture, tone) * (0.8 + 0.35 * picture.g), warm = mix(u_palette[2], u_palette[3], 0.6);
    albedo = mix(albedo, albedo * mix(0.30, 1.15, q), m.angry);
    float root = smoothstep(0.0, 0.18, q), edge = across * across;
    vec3 light = shade(n, v, albedo, max(u_roughness, 0.22), mix(0.45 + 0.45 * m.disgust, 1.0, root), mix(0.35 + 0.5 * m.disgust, 1.0, root));
    vec3 to_heart = (v_heart.xyz - v_position) / v_heart.w;
    float far2 = dot(to_heart, to_heart), core = 0.5 + 0.8 * u_glow + 1.9 * u_welcome + 0.2 * m.happy + 1.3 * m.surprise + 0.6 * m.neutral + 0.6 * m.sad + 1.4 * m.fear;
    light += (albedo + 0.05 * warm) * warm * core * (0.35 + 0.65 * edge) * 1.5 / (1.0 + 1.8 * far2);
    // Tips hold light; in anger the roots glow out of the body.
    float tip = smoothstep(0.55, 1.0, q);
    light += warm * tip * tip * (0.35 * m.happy + 0.8 * m.surprise + 0.15 * m.neutral + 0.30 * m.angry) * (0.6 + 0.6 * u_glow);
    light += u_palette[2] * m.angry * 1.3 * exp(-9.0 * q);
    light += u_counter * edge * edge * (0.30 + 0.3 * m.angry - 0.25 * m.sad) * v_limb.w * max(n.x * 0.6 + n.y * 0.4 + 0.3, 0.0) * (0.4 + u_fill);
    light += mix(u_palette[3], vec3(1.0), 0.5) * (m.disgust + 0.3 * m.sad) * pow(max(dot(n, normalize(KEY + v)), 0.0), 40.0);
    light = haze(light, smoothstep(0.0, -1.9, v_position.z) * 0.5);
    cover *= 1.0 - (0.55 * m.sad + 0.25 * m.happy) * (0.4 + 0.6 * edge);
    cover *= mix(1.0, smoothstep(1.0, 0.8, q), m.sad) * mix(1.0, smoothstep(0.0, 0.12, q), max(m.angry, m.surprise)) * mix(1.0, smoothstep(0.04, 0.26, q), m.disgust);
    f_colour = vec4(light, 1.0) * (u_fade * cover);
}
