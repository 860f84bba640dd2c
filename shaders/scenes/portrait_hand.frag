#version 330 core
// A hand in a few strokes: a palm, four long fingers, a thumb; and the sleeve it comes from, where it is raised.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/portrait/pigment.glsl"
in vec2 v_h;
flat in vec4 v_key;
flat in vec2 v_sleeve;
out vec4 f_colour;

// Lays one finger over what is there: how light it is, and how far it covers.
void finger(inout vec2 hand, vec2 h, vec2 a, vec2 b, float radius, float round_it) {
    vec2 ab = b - a, from = h - a;
    float along = clamp(dot(from, ab) / dot(ab, ab), 0.0, 1.0), thin = radius * (1.0 - 0.35 * along);
    vec2 off = from - along * ab;
    float away = length(off) / thin;
    float cover = smoothstep(1.05, 0.90, away);
    vec3 n = normalize(vec3(round_it * off / thin, sqrt(max(1.0 - round_it * round_it * away * away, 0.0)) + 0.02));
    float lit = mix(0.14, 1.0, smoothstep(-0.3, 1.08, dot(n, v_key.xyz))) * (1.0 - 0.5 * round_it * smoothstep(0.75, 1.0, away));
    hand = vec2(mix(hand.x, lit, cover), max(hand.y, cover));
}

void main() {
    vec2 h = v_h;
    float unit = 0.5 * min(u_resolution.x, u_resolution.y) * 0.4;
    stroke_hairs = smoothstep(4.0, 14.0, 0.08 * unit);
    Stroke st = strokes(h, 0.075, vec2(0.10, 0.995), 11 + int(v_sleeve.y));
    h += 0.015 * vec2(st.hair - 0.5, st.side * 0.3);
    vec2 hand = vec2(0.0);
    finger(hand, h, vec2(0.0, -0.30), vec2(0.0, 0.05), 0.125, 0.8);
    finger(hand, h, vec2(0.03, 0.02), vec2(0.0, 0.24), 0.165, 0.45);
    finger(hand, h, vec2(-0.03, 0.08), vec2(-0.02, 0.26), 0.165, 0.45);
    finger(hand, h, vec2(-0.135, 0.24), vec2(-0.15, 0.54), 0.055, 1.0);
    finger(hand, h, vec2(-0.050, 0.28), vec2(-0.055, 0.70), 0.060, 1.0);
    finger(hand, h, vec2(0.042, 0.28), vec2(0.045, 0.74), 0.060, 1.0);
    finger(hand, h, vec2(0.125, 0.24), vec2(0.155, 0.64), 0.058, 1.0);
    finger(hand, h, vec2(0.12, 0.02), vec2(0.27, 0.32), 0.060, 1.0);
    vec3 paint = flesh_pigment(hand.x * 0.9 + 0.08 * (st.lot.y - 0.5), st.lot.z) * (0.94 + 0.08 * st.hair);
    float cover = hand.y * smoothstep(-0.32, -0.2, h.y + 0.1 * st.hair);
    // The sleeve.
    float nx = h.x / (0.20 + 0.14 * smoothstep(-0.1, -1.2, h.y)), sleeve = v_sleeve.x * smoothstep(1.0, 0.92, abs(nx)) * smoothstep(-0.12, -0.18, h.y + 0.05 * st.hair);
    float lit = smoothstep(-0.35, 1.05, dot(vec3(nx, 0.0, sqrt(max(1.0 - nx * nx, 0.0))), v_key.xyz));
    sleeve *= smoothstep(-1.70, -1.15 - 0.3 * st.lot.w, h.y);
    paint = mix(paint, robe_pigment(lit * 0.86 + 0.12 * (st.lot.y - 0.5), st.lot.z) * 1.3, sleeve);
    cover = max(cover, sleeve);
    f_colour = vec4(paint, 1.0) * cover * smoothstep(0.0, 0.4, v_key.w * 1.4 - 0.4 * st.lot.x) * u_fade;
}
