#version 330 core
// A hand in a few strokes: a palm, four long fingers, a thumb; and the sleeve it comes from, where it is raised.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/sdf/along_segment.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/portrait/pigment.glsl"
in vec2 v_h;
flat in vec4 v_key;
flat in vec2 v_sleeve;
out vec4 f_colour;

// One finger of two bones, bent at ``knee``: adds its light, weighed by how near it is, to ``lit``; ``near`` is the distance to the nearest.
void finger(inout vec2 lit, inout float near, vec2 h, vec2 a, vec2 knee, vec2 b, float radius) {
    for (int bone = 0; bone < 2; bone++) {
        vec2 from = bone == 0 ? a : knee, end = bone == 0 ? knee : b;
        float along = along_segment(h, from, end), thin = radius * (1.0 - 0.16 * (float(bone) + along));
        vec2 off = h - mix(from, end, along);
        float gap = length(off) - thin, weight = exp(-1.6 * max(gap, -thin) / radius);
        vec2 tilt = clamp(off / thin, -1.0, 1.0);
        float bright = smoothstep(-0.3, 1.08, dot(vec3(tilt, sqrt(max(1.0 - dot(tilt, tilt), 0.0))), v_key.xyz));
        lit += weight * vec2(mix(0.16, 1.0, bright), 1.0);
        near = min(near, gap);
    }
}

void main() {
    vec2 h = v_h;
    float unit = 0.5 * min(u_resolution.x, u_resolution.y) * 0.4;
    stroke_hairs = smoothstep(4.0, 14.0, 0.08 * unit);
    Stroke st = strokes(h, 0.075, vec2(0.10, 0.995), 11 + int(v_sleeve.y));
    h += 0.015 * vec2(st.hair - 0.5, st.side * 0.3);
    vec2 sum = vec2(0.0);
    float near = 1.0;
    finger(sum, near, h, vec2(0.0, -0.34), vec2(0.0, -0.10), vec2(0.01, 0.10), 0.115);
    finger(sum, near, h, vec2(-0.05, 0.00), vec2(-0.06, 0.15), vec2(-0.065, 0.28), 0.130);
    finger(sum, near, h, vec2(0.055, -0.02), vec2(0.055, 0.15), vec2(0.055, 0.28), 0.130);
    finger(sum, near, h, vec2(-0.135, 0.24), vec2(-0.180, 0.41), vec2(-0.175, 0.53), 0.054);
    finger(sum, near, h, vec2(-0.050, 0.28), vec2(-0.070, 0.51), vec2(-0.045, 0.68), 0.059);
    finger(sum, near, h, vec2(0.035, 0.28), vec2(0.040, 0.53), vec2(0.070, 0.72), 0.060);
    finger(sum, near, h, vec2(0.125, 0.24), vec2(0.150, 0.46), vec2(0.180, 0.61), 0.056);
    finger(sum, near, h, vec2(0.10, -0.04), vec2(0.225, 0.14), vec2(0.280, 0.31), 0.066);
    float hand = sum.x / max(sum.y, 1e-4);
    vec3 paint = flesh_pigment(hand * 0.9 + 0.10 * (st.lot.y - 0.5), st.lot.z) * (0.94 + 0.08 * st.hair);
    float cover = smoothstep(0.008, -0.008, near + 0.014 * (st.hair - 0.5)) * smoothstep(-0.34, -0.2, h.y + 0.1 * st.hair);
    // The sleeve.
    float nx = h.x / (0.20 + 0.14 * smoothstep(-0.1, -1.2, h.y)), sleeve = v_sleeve.x * smoothstep(1.0, 0.92, abs(nx)) * smoothstep(-0.12, -0.18, h.y + 0.05 * st.hair);
    float lit = smoothstep(-0.35, 1.05, dot(vec3(nx, 0.0, sqrt(max(1.0 - nx * nx, 0.0))), v_key.xyz));
    sleeve *= smoothstep(-1.70, -1.15 - 0.3 * st.lot.w, h.y);
    paint = mix(paint, robe_pigment(lit * 0.86 + 0.12 * (st.lot.y - 0.5), st.lot.z) * 1.3, sleeve);
    cover = max(cover, sleeve);
    f_colour = vec4(paint, 1.0) * cover * smoothstep(0.0, 0.4, v_key.w * 1.4 - 0.4 * st.lot.x) * u_fade;
}
