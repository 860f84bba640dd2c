#version 330 core
// Petals on a golden-angle spiral, each on a surface of its own round the heart, one inside the other: so they lie close
// and never cut each other. A bud that opens, hangs, winds and turns to thorns.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/bent_stroke.glsl"
#include "lib/form/blossom_pose.glsl"

uniform float u_petals;

in vec2 in_uv;  // x across the petal in [-1, 1], y from its root to its tip in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec2 v_uv;
out vec4 v_petal;  // share of the way to the rim, along, across, random
out float v_open;  // how much light the petals above leave

const float GOLDEN_ANGLE = 2.39996323;

// How long a petal is at the share t of the way to the rim.
float reach(float t) { return mix(0.46, 0.98, pow(t, 0.7)) * mix(1.0, 0.92, u_spikiness); }

// A point of the petal: across u, along y (rows lie closer towards the tip, which is then round).
vec3 surface(float u, float y, float t, float angle, float random, float size, float open) {
    float v = y * (2.0 - y);
    float wild = 1.0 - u_symmetry;
    // A petal tucks one edge under its neighbour and lifts the other, by less than what parts the two.
    float lap = (0.9 * u + 0.7 * (u * u - 0.4)) * v / u_petals * (1.0 - 0.5 * u_spikiness);
    float at = clamp(t + 1.5 * lap + wild * 0.10 * (random - 0.5), 0.0, 1.1);
    float start = mix(0.50 * at, mix(0.42, 1.30, pow(at, 0.8)), open);
    float bend = mix(-1.22 * at, mix(-0.15, 0.55, at), open) * mix(1.0, 0.5, u_spikiness);
    vec2 stroke = bent_stroke(size, start, bend, v) + vec2(0.02 + 0.09 * t, -0.16 * t);
    float tip = (1.0 - y) * (1.0 - y);
    float leaf = 2.55 * pow(v, 0.95) * pow(tip, mix(0.47, 0.66, smoothstep(0.0, 0.4, u_spikiness))) * 0.37 + 0.05 * tip * (1.0 - v * v);
    float blade = 2.0 * pow(v + 0.02, 0.55) * pow(tip, 0.80) * 0.150;
    float width = size * mix(leaf, blade, u_spikiness);
    float turned = 1.5 * atan(u * width / (1.5 * (stroke.x + 0.03)));
    turned += angle + u_twist * 1.5 * v * v;
    vec3 p = vec3(stroke.x * cos(turned), stroke.x * sin(turned), stroke.y);
    // Edges ruffle; blades are folded along their middle.
    float lean = start + bend * v;
    vec3 up = vec3(-cos(lean) * cos(turned), -cos(lean) * sin(turned), sin(lean));
    float ruffle = (0.010 + 0.045 * u_turbulence) * u * u * v * sin(3.0 * u + 5.0 * v + 6.2831853 * random + u_phase * 0.8);
    p += up * (ruffle + u_spikiness * 0.35 * width * (abs(u) - 0.5));
    // The whole boils as one, so what lies above stays above.
    p += (0.010 + 0.085 * u_turbulence) * sin(p.yzx * 4.2 + vec3(0.0, 2.1, 4.2) + u_phase * 0.6) * v;
    return p;
}

void main() {
    float n = float(gl_InstanceID), self = u_self[u_shape].x;
    float t = (n + 0.5) / u_petals;
    float random = hash11(n + 1.0 + floor(self * 1024.0));
    float wild = 1.0 - u_symmetry;
    float shake = u_tremble * 0.06 * sin(u_phase * 17.0 + random * 40.0);
    float angle = n * GOLDEN_ANGLE + self * 6.2831853 + wild * 0.5 * (random - 0.5) + shake;
    float open = blossom_open();
    open = clamp(open + 0.03 * sin(u_phase * 0.9 - 3.0 * t + random * 2.0), 0.0, 1.1);
    float size = reach(t) * (1.0 + wild * 0.45 * (hash11(random * 91.7) - 0.6));
    size *= 1.0 + u_spikiness * 0.30 * (hash11(random * 37.1) - 0.5) + 0.04 * u_energy * sin(u_phase * 2.0 + n);

    float u = in_uv.x, y = in_uv.y;
    vec3 p = surface(u, y, t, angle, random, size, open);
    // Steps to the side that stays on the petal; at root and tip the petal has no width, there its middle's normal serves.
    float inside = clamp(y, 0.06, 0.90);
    vec3 base = surface(u, inside, t, angle, random, size, open);
    vec3 across = surface(u + 0.12, inside, t, angle, random, size, open) - surface(u - 0.12, inside, t, angle, random, size, open);
    vec3 along = surface(u, inside + 0.06, t, angle, random, size, open) - base;
    vec3 side = normalize(across);
    vec3 normal = normalize(cross(across, along));
    // A hint of the cup that the shape itself has no room for.
    normal = normalize(normal - side * u * mix(0.38, 0.15, u_spikiness));

    float v = y * (2.0 - y);
    mat3 pose = blossom_pose(blossom_open());
    p = blossom_place(p, pose, blossom_open());
    v_position = p;
    v_normal = pose * normal;
    v_uv = vec2(u * 0.20 * (0.4 + 0.6 * v) + random * 3.0, v * 0.42 + t * 0.7);
    v_petal = vec4(t, v, u, random);
    // What the petals five further in do not cover is in the light.
    float covered = reach(max(t - 5.0 / u_petals, 0.0)) * mix(0.9, 0.55, open);
    v_open = smoothstep(-0.55, 0.32, v * size - covered + 0.10 * open);
    gl_Position = to_clip(p);
}
