#version 330 core
// The skin of a figure of sand, with a face carved anew at each pixel, so that it stays sharp where a visitor stands near.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/body/carving.glsl"
#include "lib/body/slabs.glsl"
#include "lib/body/grains.glsl"
#include "lib/body/sand_light.glsl"
#include "lib/body/features.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec2 v_grain;
in vec4 v_cut;
in vec3 v_loose;
in vec3 v_place;
flat in mat3 v_face;
flat in vec4 v_carved;
flat in vec4 v_own;
flat in vec4 v_brow, v_lids, v_mouth, v_more;
out vec4 f_colour;

void main() {
    vec2 at = v_cut.xy, q = v_place.xy;
    float of_face = max(v_place.z, 0.0);
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    float fine = fwidth(q.y), carved = carving(at, v_carved), h = carved, high = 0.9 * v_cut.z * v_own.x * carved, hollow = 1.0, crack = 0.0, cover = 1.0;
    vec3 face_slope = vec3(0.0);
    if (of_face > 0.01) {
        Expression e = Expression(v_brow, v_lids, v_mouth, v_more);
        float k = features(q, e), step_by = max(0.006, 0.7 * fine);
        vec2 rise = (vec2(features(q + vec2(step_by, 0.0), e), features(q + vec2(0.0, step_by), e)) - k) / step_by;
        face_slope = 1.05 * of_face * (rise.x * v_face[0] + rise.y * v_face[1]);
        hollow = mix(1.0, 0.15 + 0.85 * smoothstep(-0.24, -0.06, k), of_face);
        h = mix(h, 0.5, 0.8 * of_face);
    }
    if (v_place.z > -0.5 && q.y > -1.7) {
        // The veil lies round the face with a rolled edge.
        vec2 out_by = vec2(q.x / 0.49, max(q.y + 0.02, 0.0) / 0.56);
        float o = sqrt(max(dot(out_by, vec2(q.x, max(q.y + 0.02, 0.0))), 1e-6)), lies = smoothstep(0.10, 0.45, dot(n, v_face[2])) * smoothstep(-1.7, -0.9, q.y);
        float roll = (o - 1.10) / 0.075, step_up = (o - 1.03) / 0.06;
        face_slope += lies * (0.70 * exp(-step_up * step_up) - 0.9 * roll * exp(-roll * roll)) * (out_by.x * v_face[0] + out_by.y * v_face[1]) / o * 0.7;
        hollow *= 1.0 - 0.5 * lies * exp(-pow((o - 0.98) / 0.05, 2.0));
    }
    if (v_place.z < 0.0 && q.y > 0.01) {
        // Fingers: four, of unlike length, round, parted from the knuckles on.
        float finger = (0.5 + 0.5 * q.x) * 4.0, which = min(floor(finger), 3.0), off = 2.0 * (finger - which) - 1.0, parted = smoothstep(0.42, 0.60, q.y);
        float reach = (which == 1.0 ? 1.0 : which == 2.0 ? 0.96 : which == 0.0 ? 0.86 : 0.80) - 0.09 * (1.0 - sqrt(max(1.0 - off * off, 0.0)));
        float beyond = max(q.y - reach, 0.5 * (abs(off) - 1.0 + 0.16 * smoothstep(0.50, 0.80, q.y)));
        cover = smoothstep(0.5, -0.5, beyond / max(fine, 1e-4));
        if (cover < 0.02) discard;
        high += 0.020 * v_own.x * parted * sqrt(max(1.0 - off * off, 0.0));
        hollow = mix(1.0, smoothstep(1.05, 0.60, abs(off)), 0.75 * parted);
        h = mix(h, 0.55, smoothstep(0.0, 0.3, q.y));
    }
    vec4 slab = vec4(0.0);
    if (v_carved.w > 0.01) {
        slab = slabs(at) * v_carved.w * (1.0 - 0.75 * of_face);
        crack = v_carved.w * (1.0 - 0.75 * of_face) * smoothstep(0.010, 0.001, slab.w);
    }
    // The slope of all this, from the pixels beside (Mikkelsen 2010).
    vec3 px = dFdx(v_position), py = dFdy(v_position), r1 = cross(py, n), r2 = cross(n, px);
    float det = dot(px, r1);
    vec3 slope = (dFdx(high) * r1 + dFdy(high) * r2) * sign(det) + max(abs(det), 1e-9) * face_slope;
    float patchy = swell3(vec3(at * 9.0, 2.0)), facing = abs(dot(n, v)), gone = clamp(v_loose.x * (1.0 + 0.8 * patchy) + 0.30 * smoothstep(0.30, 0.0, facing), 0.0, 1.0);
    // What has barely come loose still lies.
    gone *= smoothstep(0.22, 0.62, gone);
    Grain g = grain_at(v_grain, gone, 1.0);
    // Its outline is soft by a pixel.
    cover *= g.there * smoothstep(0.0, 1.4, facing / max(fwidth(facing), 1e-4));
    if (cover < 0.04) discard;
    float inside = step(dot(n, v), -0.15);
    vec3 smooth_n = inside > 0.5 ? -n : n;
    n = normalize(max(abs(det), 1e-9) * n - slope);
    n = inside > 0.5 ? -n : n;
    if (v_carved.w > 0.01) n = normalize(n + 1.1 * vec3(slab.x, slab.y, 0.0));
    n = normalize(n + v * max(0.0, 0.10 - dot(n, v)));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, at * vec2(0.45, 0.35) + 0.37 * u_self[u_shape].x);
    float tone = 0.50 + v_cut.w + 0.12 * n.y - 0.08 * clamp(at.y, 0.0, 1.9) + u_self[u_shape].y;
    vec3 light = sand_light(n, smooth_n, v, g, picture, tone, h, v_loose.yz, v_own.y, v_own.w * (1.0 - 0.5 * of_face)) * hollow;
    light *= mix(1.0, 0.16, inside) * (1.0 - 0.9 * crack);
    light += u_palette[3] * inside * 0.22 * u_glow;
    light += (u_palette[3] + 0.3 * u_palette[2]) * crack * v_own.w * max(0.35 + 2.2 * swell3(vec3(at * 3.0, 0.5 * u_phase)), 0.0);
    light = haze(light, smoothstep(0.5, -0.9, v_position.z));
    f_colour = vec4(light * u_fade, u_fade) * cover;
}
