#version 330 core
// A signed-distance body: an endless knot of two strands, wound, boiling, thorned or smooth, wearing the picture.
#include "lib/frame.glsl"
#include "lib/noise/ripple3.glsl"
#include "lib/sdf/smooth_union.glsl"
#include "lib/texture/worn.glsl"
#include "lib/texture/triplanar.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"

in vec2 v_uv;
out vec4 f_colour;

const int STEPS = 34;
const float BOUND = 1.28;

mat2 rotation(float a) { return mat2(cos(a), sin(a), -sin(a), cos(a)); }

// Distance to the body, in its own space.
float body(vec3 p) {
    p.y += u_droop * 0.22 * dot(p.xz, p.xz);
    p.xz = rotation(u_twist * p.y * 2.2) * p.xz;
    float beat = 1.0 + 0.07 * u_pulse * sin(u_phase * 1.7);
    float melt = mix(0.30, 0.08, u_spikiness);
    // Two strands wound round a ring, one and a half turns, so that they meet as one: a knot without an end.
    vec3 q = p;
    q.yz = rotation(0.75 + u_phase * 0.19) * q.yz;
    q.xz = rotation(0.35 * sin(u_phase * 0.27)) * q.xz;
    float ring = mix(0.24, 0.74, u_spread) * beat;
    float around = atan(q.y, q.x);
    vec2 section = rotation(around * 1.5 + u_phase * 0.45) * vec2(length(q.xy) - ring, q.z);
    float apart = mix(0.10, 0.27, u_spread) * (1.0 + 0.35 * (1.0 - u_symmetry) * sin(around * 3.0 + u_phase));
    float tube = mix(0.17, 0.115, u_spread) * (1.0 + 0.22 * sin(around * 2.0 - u_phase * 0.6) * (1.0 - 0.6 * u_symmetry));
    section.x = abs(section.x) - apart;
    float d = length(section) - tube;
    // Its heart beats in the middle.
    float heart = mix(0.30, 0.17, u_spread) * (1.0 + 0.25 * u_pulse * sin(u_phase * 3.4));
    d = smooth_union(d, length(q) - heart, melt);
    float thorns = ripple3(p * 9.0 + u_phase * 0.2);
    d -= u_spikiness * 0.10 * thorns * thorns * thorns;
    d -= (0.015 + 0.11 * u_turbulence) * ripple3(p * 3.6 + vec3(0.0, u_phase * 0.5, 0.0));
    d -= u_tremble * 0.012 * sin(p.y * 21.0 + u_phase * 19.0) * sin(p.x * 17.0);
    return d * 0.7;
}

vec3 normal_at(vec3 p) {
    const vec2 e = vec2(1.0, -1.0) * 0.004;
    return normalize(e.xyy * body(p + e.xyy) + e.yyx * body(p + e.yyx) + e.yxy * body(p + e.yxy) + e.xxx * body(p + e.xxx));
}

void main() {
    vec2 screen = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    vec2 at = (screen - u_place[u_shape].xy) / u_place[u_shape].z;
    vec3 eye = vec3(0.0, 0.0, 3.6), ray = normalize(vec3(at, -3.3));
    // Outside the bounding sphere nothing is marched; most of the screen ends here.
    float b = dot(eye, ray), c = dot(eye, eye) - BOUND * BOUND, hit = b * b - c;
    if (hit < 0.0) discard;
    float t = -b - sqrt(hit), end = -b + sqrt(hit), d = 1.0, nearest = 1.0;
    for (int i = 0; i < STEPS && t < end; i++) {
        d = body(eye + ray * t);
        nearest = min(nearest, d);
        if (d < 0.0035) break;
        t += d;
    }
    if (d > 0.02) {
        // A breath of light round the body.
        float halo = exp(-nearest * 15.0) * (0.04 + 0.35 * u_glow) * smoothstep(0.0, 0.6, hit);
        f_colour = vec4(u_palette[2] * halo * u_fade, halo * 0.5 * u_fade);
        return;
    }
    vec3 p = eye + ray * t, n = normal_at(p), v = -ray;
    vec3 picture = triplanar(u_texture_before, u_texture, u_texture_share, p * 0.62 + 0.13 * u_self[u_shape].x, n);
    float tone = clamp(0.30 + 0.34 * n.y + 0.22 * length(p) + u_self[u_shape].y, 0.0, 1.0);
    vec3 albedo = dress(picture, tone);

    vec3 l = normalize(vec3(-0.5, 0.75, 0.65));
    float nl = dot(n, l);
    float occlusion = clamp(0.35 + 2.2 * body(p + n * 0.22), 0.15, 1.0);
    vec3 light = albedo * (max(nl * 0.7 + 0.3, 0.0) * 1.15) * u_light;
    light += albedo * environment(n, 1.0) * 0.6 * u_light;
    float fresnel = 0.04 + 0.96 * pow(1.0 - max(dot(n, v), 0.0), 5.0);
    light += environment(reflect(-v, n), u_roughness) * (0.08 + fresnel) * u_light;
    light += vec3(1.0, 0.97, 0.92) * ggx(n, v, l, u_roughness, 0.05) * max(nl, 0.0) * 1.8 * u_light;
    light *= occlusion;
    light += u_palette[3] * u_glow * (0.25 * pow(1.0 - max(dot(n, v), 0.0), 3.0) + 0.12 * smoothstep(0.75, 1.1, length(p)));
    float haze = u_fog * smoothstep(0.6, -1.0, p.z) * 0.8;
    light = mix(light, u_palette[0] * 2.0 + u_palette[1] * 0.15, haze);
    f_colour = vec4(light * u_fade, u_fade);
}
