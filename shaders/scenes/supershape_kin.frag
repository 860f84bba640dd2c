#version 330 core
// What is seen of another one from afar: light from above, its heart, its rows or cracks, a soft outline.
#include "lib/frame.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/form/gesture.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec2 v_way;
flat in vec4 v_mood_a, v_mood_b;
flat in vec4 v_heart;
flat in float v_lost;

out vec4 f_colour;

void main() {
    Mood m = mood_of(v_mood_a, v_mood_b);
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = normalize(v_normal), to_heart = (v_heart.xyz - v_position) / v_heart.w;
    float nv = abs(dot(n, v)), edge = (1.0 - nv) * (1.0 - nv), t = v_way.x, a = 6.2831853 * v_way.y, rib = cos(16.0 * (a + 0.55 * 3.14159265 * (t - 0.5) * m.fear));
    float phi = 3.14159265 * (t - 0.5), cp = cos(phi), high = 0.5 * log((1.0 + min(sin(phi), 0.999)) / (1.0 + max(-sin(phi), -0.999)));
    vec2 net = vec2(v_way.y, high / 6.2831853) * 15.0, one = mod(net, vec2(1.0, 1.7320508)) - vec2(0.5, 0.8660254), two = mod(net - vec2(0.5, 0.8660254), vec2(1.0, 1.7320508)) - vec2(0.5, 0.8660254);
    float pore = min(length(one), length(two)), open = m.neutral * smoothstep(0.46, 0.38, pore) * smoothstep(0.08, 0.25, cp), wart = m.disgust * smoothstep(0.40, 0.10, pore);
    vec3 albedo = dress_own(vec3(0.35), 0.30 + 0.35 * t + 0.2 * m.neutral + 0.2 * m.sad + 0.2 * m.happy + 0.1 * m.surprise + u_self[u_shape].y), warm = mix(u_palette[2], u_palette[3], 0.6);
    albedo *= (1.0 - 0.55 * m.disgust * (1.0 - wart)) * (1.0 - 0.45 * m.surprise * step(0.6, t)) * (1.0 - 0.25 * (m.happy + m.fear + m.sad) * (0.5 - 0.5 * rib)) * (1.0 - 0.75 * m.angry);
    vec3 light = albedo * u_light * (0.30 + 1.0 * max(dot(n, KEY), 0.0)) + albedo * environment_soft(n) * u_fill;
    light += (u_counter * 0.35 + warm * 0.25) * edge * max(n.y + 0.5, 0.0);
    light += warm * (albedo + 0.08) * (0.5 * m.happy + 1.3 * m.sad + 0.25 * m.surprise + 0.5 * m.neutral + 0.3 * m.sleep) * (0.35 + 0.65 * edge) / (1.0 + 1.6 * dot(to_heart, to_heart));
    if (m.angry > 0.0) light += mix(u_palette[2], u_palette[3], 0.4) * m.angry * 1.3 * exp(-16.0 * abs(swell3(vec3(cos(a), 3.0 * t, sin(a)) * 2.3)));
    light += u_palette[3] * 0.5 * m.disgust * (0.3 + wart) * pow(max(dot(n, normalize(KEY + v)), 0.0), 30.0);
    light += warm * m.sleep * 0.55 * nv * nv * nv * nv;
    float slit = m.fear * smoothstep(0.16, 0.0, abs(sin(0.5 * a + 1.0))) * smoothstep(0.2, 0.4, t) * smoothstep(0.9, 0.7, t);
    light += u_palette[3] * 0.35 * slit;
    light = haze_at(light, v_lost / max(u_fog, 0.01), HAZE_PLACE);
    float cover = smoothstep(0.0, 0.42, nv) * (1.0 - open) * (1.0 - (0.45 * m.sad + 0.30 * m.happy + 0.2 * m.surprise) * nv);
    f_colour = vec4(light, 1.0) * (u_fade * cover);
}
