#version 330 core
// A visitor's body as flesh without bones: bent limbs melted into one, pierced at the heart, wearing the picture.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/sdf/smooth_union.glsl"
#include "lib/sdf/swept.glsl"
#include "lib/sdf/flesh.glsl"
#include "lib/motion/beat.glsl"
#include "lib/texture/worn.glsl"
#include "lib/texture/triplanar.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"

in vec2 v_at;
flat in vec4 v_own[16];
flat in vec4 v_other[10];
flat in vec3 v_body;
out vec4 f_colour;

const float REACH = 0.09;  // how far from the flesh its halo and its melting go
const int OWN = 31, OTHER = 7 << 5;

// Which limbs this ray comes near; range widens over them. a, b, c as in sdf/swept.
int near_ray(vec4 a, vec4 b, vec4 c, int bit, inout vec2 range) {
    vec3 m = 0.25 * (a.xyz + c.xyz) + 0.5 * b.xyz;
    vec3 w = EYE / max(vec3(EYE) - vec3(a.z, m.z, c.z), 0.3);
    vec2 pa = a.xy * w.x, pm = m.xy * w.y, pc = c.xy * w.z;
    vec2 first = pm - pa, last = pc - pm, e0 = v_at - pa, e1 = v_at - pm;
    e0 -= first * clamp(dot(e0, first) / max(dot(first, first), 1e-6), 0.0, 1.0);
    e1 -= last * clamp(dot(e1, last) / max(dot(last, last), 1e-6), 0.0, 1.0);
    float thick = max(a.w, max(b.w, c.w));
    // The curve leaves its two chords by an eighth of its bend at most.
    float reach = (thick + REACH + 0.14 * length(a.xyz - 2.0 * b.xyz + c.xyz)) * max(w.x, max(w.y, w.z));
    if (thick <= 0.0 || min(dot(e0, e0), dot(e1, e1)) > reach * reach) return 0;
    float front = max(a.z, max(m.z, c.z)) + thick + REACH, back = min(a.z, min(m.z, c.z)) - thick - REACH;
    range = vec2(min(range.x, EYE - front), max(range.y, EYE - back));
    return bit;
}

float melt;

float limb(vec3 p, vec4 a, vec4 b, vec4 c) {
    float t, d = swept(p, a, b, c, t);
    return d < 0.2 ? d - teeth(p - v_own[15].xyz, t, v_body.x) : d;
}

// Distance to the melted limbs of both, without the skin's own relief.
float limbs_at(vec3 p, int live) {
    float d = 1e3;
    if ((live & 1) != 0) {
        d = limb(p, v_own[0], v_own[1], v_own[2]);
        d = smooth_union(d, length(p - v_own[15].xyz) - v_own[15].w, 0.5 * melt);
    }
    if ((live & 2) != 0) d = smooth_union(d, limb(p, v_own[3], v_own[4], v_own[5]), melt);
    if ((live & 4) != 0) d = smooth_union(d, limb(p, v_own[6], v_own[7], v_own[8]), melt);
    if ((live & 8) != 0) d = smooth_union(d, limb(p, v_own[9], v_own[10], v_own[11]), melt);
    if ((live & 16) != 0) d = smooth_union(d, limb(p, v_own[12], v_own[13], v_own[14]), melt);
    if ((live & 32) != 0) {
        d = smooth_union(d, limb(p, v_other[0], v_other[1], v_other[2]), melt);
        d = smooth_union(d, length(p - v_other[9].xyz) - v_other[9].w, 0.5 * melt);
    }
    if ((live & 64) != 0) d = smooth_union(d, limb(p, v_other[3], v_other[4], v_other[5]), melt);
    if ((live & 128) != 0) d = smooth_union(d, limb(p, v_other[6], v_other[7], v_other[8]), melt);
    return d;
}

float body(vec3 p, int live) {
    float d = limbs_at(p, live);
    return d < 0.15 ? d - flesh(p - v_own[1].xyz, v_body.x) : d;
}

vec3 normal_at(vec3 p, int live, float wide) {
    vec3 n = vec3(0.0);
    for (int i = 0; i < 4; i++) {
        vec3 e = 2.0 * vec3(float(((i + 3) >> 1) & 1), float((i >> 1) & 1), float(i & 1)) - 1.0;
        n += e * body(p + e * wide, live);
    }
    return normalize(n);
}

// Where p would be if the body stood at rest with its arms out: the picture moves with the limbs instead of swimming over them.
vec3 stuck(vec3 p, out float out_by) {
    vec3 moved = vec3(0.0);
    float sum = 1e-4;
    out_by = 0.0;
    for (int limb = 0; limb < 5; limb++) {
        vec4 a = v_own[limb * 3], b = v_own[limb * 3 + 1], c = v_own[limb * 3 + 2];
        float t, d = swept(p, a, b, c, t);
        float share = exp(-max(d, 0.0) * 14.0 / v_body.x);
        float side = float(limb & 1) * 2.0 - 1.0;
        vec3 home = limb == 0 ? vec3(0.0, t * 1.3, 0.0) : (limb < 3 ? vec3(side * (0.2 + 1.5 * t), 1.0, 0.0) : vec3(side * 0.3, -1.6 * t, 0.0));
        moved += share * (home * v_body.x - bent(a.xyz, b.xyz, c.xyz, t));
        out_by += share * t;
        sum += share;
    }
    out_by /= sum;
    return (p + moved / sum) / v_body.x;
}

void main() {
    melt = v_body.x * mix(0.20, 0.08, u_spikiness);
    vec2 range = vec2(1e3, 0.0);
    int live = 0;
    for (int limb = 0; limb < 5; limb++)
        live |= near_ray(v_own[limb * 3], v_own[limb * 3 + 1], v_own[limb * 3 + 2], 1 << limb, range);
    live |= near_ray(v_own[15], v_own[15], v_own[15], 1, range);
    if (live == 0) discard;
    for (int limb = 0; limb < 3; limb++)
        live |= near_ray(v_other[limb * 3], v_other[limb * 3 + 1], v_other[limb * 3 + 2], 32 << limb, range);

    vec3 ray = normalize(vec3(v_at, -EYE));
    float slope = -1.0 / ray.z, t = max(range.x, 0.1) * slope, end = range.y * slope;
    float pixel = 2.0 * EYE / (EYE * min(u_resolution.x, u_resolution.y));
    float pace = 0.95 - 0.40 * max(u_spikiness, 0.6 * u_turbulence);
    float d = 1.0, nearest = 1e3, nearest_t = t;
    int steps = int(mix(14.0, 34.0, u_detail));
    for (int i = 0; i < steps && t < end; i++) {
        d = body(vec3(0.0, 0.0, EYE) + ray * t, live);
        if (d < nearest) { nearest = d; nearest_t = t; }
        if (d < 0.25 * pixel) break;
        t += d * pace;
    }
    float alpha = 1.0 - smoothstep(0.3 * pixel, 1.5 * pixel, nearest);
    float halo = exp(-max(nearest, 0.0) * 26.0) * (0.015 + 0.10 * u_glow + 0.10 * u_welcome + 0.10 * u_fog) * smoothstep(REACH, 0.4 * REACH, nearest);
    if (alpha <= 0.0) {
        f_colour = vec4(u_palette[2] * halo * u_fade, 0.0);
        gl_FragDepth = 0.9999;
        return;
    }
    vec3 p = vec3(0.0, 0.0, EYE) + ray * nearest_t, v = -ray;
    vec3 n = normal_at(p, live, 0.7 * pixel + 0.002);
    // At its edge flesh would mirror like glass; a little light through the skin keeps it soft.
    n = normalize(n + v * max(0.0, 0.28 - dot(n, v)));
    float open = clamp(0.25 + 0.45 * body(p + n * 0.10, live) / 0.10 + 0.30 * limbs_at(p + n * 0.25, live) / 0.25, 0.08, 1.0);
    float shadow = 1.0;
    int taps = int(6.0 * u_detail);
    for (int i = 0; i < taps; i++) {
        float far = 0.06 + 0.11 * float(i);
        shadow = min(shadow, 0.35 + 4.0 * limbs_at(p + n * 0.02 + KEY * far, OWN) / far);
    }
    shadow = smoothstep(0.0, 1.0, shadow);

    float out_by;
    vec3 at = stuck(p, out_by);
    vec3 picture = triplanar(u_texture_before, u_texture, u_texture_share, at * 0.55 + 0.37 * u_self[u_shape].x, n);
    vec3 from = p - v_own[15].xyz;
    float heart = exp(-10.0 * max(length(from) - v_own[15].w, 0.0) / v_body.x);
    vec3 albedo = dress_own(picture, 0.10 + 0.55 * out_by + 0.10 * n.y + v_body.z);
    float turned = 0.5 + 0.5 * dot(n, KEY);
    vec3 light = shade(n, v, albedo, u_roughness, open * mix(0.12, 1.0, turned * turned), shadow);
    // Light seeps out of the heart and through the thin tips.
    float rim = pow(1.0 - max(dot(n, v), 0.0), 3.0);
    // The heart is a lantern: it shines by itself, and on what is near.
    float lantern = (0.20 + 0.55 * u_glow + 0.9 * u_welcome) * (1.0 + 0.8 * u_pulse * beat(0.0)) * mix(0.9, 1.0, u_presence);
    float near = length(from) / v_body.x, lit = max(0.25 - 0.75 * dot(n, from) / max(length(from), 1e-3), 0.0);
    light += u_palette[3] * lantern * (1.5 * heart * heart * heart + albedo * lit * 1.2 / (0.25 + 6.0 * near * near));
    light += u_palette[2] * u_glow * 0.25 * out_by * out_by * out_by;
    light += u_palette[2] * rim * (0.12 * u_glow + 0.5 * u_welcome);
    light = haze(light, smoothstep(0.5, -0.9, p.z));
    f_colour = vec4((light * alpha + u_palette[2] * halo * (1.0 - alpha)) * u_fade, alpha * u_fade);
    float w = EYE - p.z;
    gl_FragDepth = clamp(0.5 + 0.5 * (w * 12.1 - 2.4) / (11.9 * w), 0.0, 0.9998);
}
