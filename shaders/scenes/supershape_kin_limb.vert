#version 330 core
// Spines and tentacles of those that are farther away.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/shell.glsl"
#include "lib/form/shell_limb.glsl"
#include "lib/form/shell_kin.glsl"
#include "lib/light/own_colours.glsl"
#include "lib/place/backdrop.glsl"

const int EACH = 28;

in vec2 in_uv;  // x across in [-1, 1], y from its root 0 to its end 1

out vec2 v_limb;       // across [-1, 1], how much of a pixel it fills
out vec3 v_light;

void main() {
    Shell s = shell_stand();
    float all = s.sum;
    int which = gl_InstanceID / EACH;
    s = shell_kin(which, s);
    bool there = s.sum > 0.0;
    s.sum = all;
    Limb l = shell_limb(gl_InstanceID - which * EACH, EACH, s);
    float q = in_uv.y, sway = 5.0 * q + 0.8 * u_phase + 6.2831853 * l.random;
    vec3 at = l.root + l.to * q + l.bend * q * q + l.wavy * q * vec3(sin(sway), 0.0, cos(1.3 * sway)), way = l.to + 2.0 * q * l.bend + 1e-5;
    float low = 0.01 - s.high, bead = l.bead * smoothstep(0.75, 0.9, q), wide = max(l.wide * mix(1.0, 1.0 - q, l.point), bead) * smoothstep(0.01, 0.08, length(l.to)) * smoothstep(0.0, 0.06, at.y - low);
    at.y = max(at.y, low);
    vec3 p = shell_place(at, s), side = normalize(cross(normalize(way), vec3(0.0, 0.0, EYE) - p) + 1e-5);
    float least = 1.25 * (EYE - p.z) / (EYE * min(u_resolution.x, u_resolution.y)), thick = max(1.3 * wide * s.size, least);
    v_limb = vec2(in_uv.x * (thick + least) / thick, min(wide * s.size / least, 1.0) * smoothstep(0.0, 0.1, 1.0 - q));
    p += side * in_uv.x * (thick + least);
    vec4 clip = to_clip(p);
    vec2 place = u_part.xy + u_part.zw * (clip.xy / clip.w * 0.5 + 0.5);
    // They are lit towards their tips, or hot at their roots.
    Mood m = s.mood;
    int own = 4 * u_shape;
    vec3 body = mix(u_own_palette[own + 1], mix(u_own_palette[own + 2], u_own_palette[own + 3], 0.6 * q), 0.45 + 0.35 * q) * (0.5 + 0.5 * u_light);
    body *= 1.0 - 0.5 * m.angry * q;
    body += mix(u_palette[2], u_palette[3], 0.6) * (q * q * (0.3 * m.happy + 0.7 * m.surprise) + 0.7 * m.angry * exp(-7.0 * q));
    v_light = mix(body * (1.0 - 0.15 * m.disgust), backdrop_near(place), mix(0.34, 0.62, float(which)) + 0.10 * u_fog);
    v_limb.y *= (1.0 - 0.55 * m.sad) * mix(1.0, smoothstep(0.05, 0.45, q), m.disgust);
    gl_Position = there && l.wide * length(l.to) > 1e-4 ? clip : vec4(2.0, 2.0, 2.0, 1.0);
}
