#version 330 core
// Instanced petals on a golden-angle spiral: a bud that opens, hangs, winds and turns to thorns.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/value3.glsl"

uniform float u_petals;

in vec2 in_uv;  // x across the petal in [-1, 1], y from its root to its tip in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec2 v_uv;
out vec4 v_petal;  // share of the way to the rim, along, across, random

const float GOLDEN_ANGLE = 2.39996323;

mat3 turn(float yaw, float pitch) {
    float a = cos(yaw), b = sin(yaw), c = cos(pitch), d = sin(pitch);
    return mat3(a, 0.0, -b, 0.0, 1.0, 0.0, b, 0.0, a) * mat3(1.0, 0.0, 0.0, 0.0, c, d, 0.0, -d, c);
}

// A point of the petal's surface: along v, across u.
vec3 surface(float u, float v, float rim, float angle, float random, float boil) {
    vec3 radial = vec3(cos(angle), sin(angle), 0.0);
    vec3 side = vec3(-radial.y, radial.x, 0.0);
    float beat = u_pulse * 0.10 * sin(u_phase * 1.6 - rim * 2.2);
    float open = clamp(u_spread + beat + (random - 0.5) * 0.35 * (1.0 - u_symmetry), 0.0, 1.15);
    // The innermost petals stay upright; the outer ones lie back as the blossom opens.
    float tilt = mix(0.06, mix(0.35, 1.75, open), pow(rim, 0.8));
    float curl = mix(-0.9, 0.75, open) * rim + 0.25 * (random - 0.5);
    float size = mix(0.42, 1.0, rim) * mix(1.0, 0.65 + 0.7 * random, 1.0 - 0.7 * u_symmetry);
    size *= mix(1.0, 0.72 + 0.65 * hash11(random * 91.7), u_spikiness);
    float at = tilt + curl * v * 0.9;
    vec3 p = radial * (0.10 * rim) + size * v * (sin(at) * radial + cos(at) * vec3(0.0, 0.0, 1.0));
    float round_width = 0.44 * pow(max(sin(3.14159 * pow(v * 0.93 + 0.045, 0.72)), 0.0), 0.75);
    float blade_width = 0.17 * (1.0 - v) * smoothstep(-0.05, 0.25, v) + 0.004;
    float width = size * mix(round_width, blade_width, u_spikiness);
    p += side * (u * width);
    // Petals are cupped, more so when closed.
    vec3 inward = cos(at) * radial * -1.0 + sin(at) * vec3(0.0, 0.0, 1.0);
    p += inward * (u * u * width * mix(0.75, 0.28, open));
    float wind = u_twist * (1.4 * v + 0.5 * p.z);
    p.xy = mat2(cos(wind), sin(wind), -sin(wind), cos(wind)) * p.xy;
    p += inward * boil * (0.03 + 0.26 * u_turbulence) * v;
    p.xy += u_tremble * 0.035 * v * (vec2(hash11(random + floor(u_phase * 9.0)), hash11(random * 7.0 + floor(u_phase * 9.0))) - 0.5);
    return p;
}

void main() {
    float n = float(gl_InstanceID);
    float rim = sqrt((n + 0.5) / u_petals);
    float random = hash11(n + 1.0 + floor(u_self[u_shape].x * 1024.0));
    float angle = n * GOLDEN_ANGLE + u_self[u_shape].x * 6.2831853;
    float u = in_uv.x, v = in_uv.y;
    // One value of noise serves the point and its neighbours: the normal then ignores the noise's own slope, which is gentle.
    float boil = value_noise(vec3(cos(angle), sin(angle), 0.0) * (0.3 + 1.6 * rim * v) + vec3(u * 0.4, random * 3.0, u_phase * 0.55));
    vec3 p = surface(u, v, rim, angle, random, boil);
    vec3 across = surface(u + 0.08, v, rim, angle, random, boil) - p;
    vec3 along = surface(u, v + 0.04, rim, angle, random, boil) - p;
    vec3 normal = normalize(cross(across, along) + vec3(0.0, 0.0, 1e-6));

    float sway = 0.22 * sin(u_phase * 0.31) + 0.10 * sin(u_phase * 0.73);
    mat3 facing = turn(sway + 0.25 * u_place[u_shape].x, -0.42 + 0.12 * sin(u_phase * 0.23) + 0.55 * max(u_droop, 0.0));
    float spin = u_phase * 0.06;
    mat3 spun = mat3(cos(spin), sin(spin), 0.0, -sin(spin), cos(spin), 0.0, 0.0, 0.0, 1.0);
    p = facing * (spun * p);
    normal = facing * (spun * normal);
    // Gravity acts in the room, not in the flower: what lies far out hangs (or, rising, lifts).
    float reach = dot(p.xy, p.xy);
    p.y -= u_droop * 0.34 * reach;
    p = p * u_place[u_shape].z * 0.98 + vec3(u_place[u_shape].xy, 0.0);

    v_position = p;
    v_normal = normal;
    v_uv = vec2(u * 0.22 + random * 3.0, v * 0.55 + rim * 0.7);
    v_petal = vec4(rim, v, u, random);
    gl_Position = to_clip(p);
}
