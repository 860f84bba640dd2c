#version 330 core
// Petals on a golden-angle spiral, each on a surface of its own round the heart, one inside the other: so they lie close
// and never cut each other. A bud that opens, hangs, thrusts, rots, bursts into a ring, and lets petals fall.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/bent_stroke.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/blossom_pose.glsl"

uniform float u_petals;

in vec2 in_uv;  // x across the petal in [-1, 1], y from its root to its tip in [0, 1]

out vec3 v_position;
flat out vec4 v_mood_a, v_mood_b;
out vec3 v_normal;
out vec2 v_uv;
out vec4 v_petal;  // share of the way to the rim, along, across, random
out vec4 v_light;  // how much light the petals above leave; the heart's middle

const float GOLDEN_ANGLE = 2.39996323;

Mood mood;
float wild, thorn, mouth;

// How long a petal is at the share t of the way to the rim.
float reach(float t) { return mix(0.46, 0.98, pow(t, 0.7)) * mix(1.0, 0.92, thorn); }

// A point of the petal: across u, along y (rows lie closer towards the tip, which is then round).
vec3 surface(float u, float y, float t, float angle, float random, float size, float open) {
    float v = y * (2.0 - y);
    // A petal tucks one edge under its neighbour and lifts the other, by less than what parts the two.
    float strand = mood.disgust * smoothstep(0.50, 0.86, y);
    float lap = (0.9 * u + 0.7 * (u * u - 0.4)) * v / u_petals * (1.0 - 0.5 * thorn) * (1.0 - max(strand, mood.fear * smoothstep(0.5, 1.0, y)));
    float at = clamp(t + 1.5 * lap + wild * 0.10 * (random - 0.5), 0.0, 1.1);
    float start = mix(0.50 * at, mix(0.42, 1.30, pow(at, 0.8)), open);
    float bend = mix(-1.22 * at, mix(-0.15, 0.55, at), open) * mix(1.0, 0.5, thorn);
    // A mouth that opens, opens the heart.
    start += 0.55 * mouth * (1.0 - at) * (1.0 - at);
    start += 0.22 * mood.fear * at;
    bend -= 0.40 * mood.fear * at;
    float burst = mood.surprise * smoothstep(0.22, 0.34, t);
    start = mix(start, mix(0.80, 1.38, t), burst);
    bend = mix(bend, mix(0.05, 0.42, t), burst) - 0.35 * mood.happy * at;
    // What rots curls over at the tip, each in its own way.
    bend += mood.disgust * v * (0.95 + 0.7 * random);
    start += mood.disgust * 0.30 + 0.10 * (random - 0.5) * t * (1.0 - mood.fear);
    vec2 stroke = bent_stroke(size, start, bend, v) + vec2(0.02 + 0.09 * t + 0.05 * burst, -0.16 * t);
    // A frightened bud is shut: its petals meet in a point.
    stroke.x = mix(stroke.x, 0.004 + clamp(stroke.x, 0.0, (0.62 + 0.75 * t) * (1.0 - y) * sqrt(1.0 - y)), mood.fear);
    stroke.y += 0.16 * size * mood.fear * y * y * y * y * y;
    // Tips of its outer folds curl away.
    stroke.x += 0.16 * size * mood.fear * random * smoothstep(0.70, 1.0, y) * smoothstep(0.45, 0.95, t);
    float tip = (1.0 - y) * (1.0 - y);
    float leaf = 2.55 * pow(v, 0.95) * pow(tip, mix(0.47, 0.66, smoothstep(0.0, 0.4, thorn))) * 0.37 + 0.05 * tip * (1.0 - v * v);
    float blade = 2.0 * pow(v + 0.02, 0.55) * pow(tip, 0.72) * 0.205;
    float width = size * mix(leaf, blade, thorn) * (1.0 - 0.30 * burst) * (1.0 + 0.25 * mood.disgust) * (1.0 - 0.52 * mood.fear) + 0.075 * size * mood.fear * (1.0 - y) * (1.0 - y);
    // What rots thins out evenly to a point.
    width *= mix(1.0, smoothstep(1.02, 0.30, y), mood.disgust);
    float turned = 1.5 * atan(u * width / (1.5 * (stroke.x + 0.03)));
    turned += angle + u_twist * 1.5 * v * v * (1.0 - 0.85 * mood.disgust) - 0.5 * mood.fear * v * y;
    vec3 p = vec3(stroke.x * cos(turned), stroke.x * sin(turned), stroke.y);
    // Edges ruffle; blades are folded along their middle; what rots is wrinkled.
    float lean = start + bend * v;
    vec3 up = vec3(-cos(lean) * cos(turned), -cos(lean) * sin(turned), sin(lean));
    float ruffle = (0.012 + 0.045 * u_turbulence) * (1.0 - max(strand, mood.fear * y)) * u * u * v * sin(3.0 * u + 5.0 * v + 6.2831853 * random + u_phase * 0.8);
    ruffle += mood.disgust * 0.04 * v * (1.0 - strand) * (1.0 - strand) * sin(7.0 * u + 9.0 * random) * sin(11.0 * v + 17.0 * random);
    p += up * (ruffle + thorn * 0.35 * width * (abs(u) - 0.5));
    // The whole boils as one, so what lies above stays above.
    p += (0.010 + 0.085 * u_turbulence * (1.0 - 0.5 * mood.disgust)) * sin(p.yzx * 4.2 + vec3(0.0, 2.1, 4.2) + u_phase * 0.6) * v;
    return p;
}

// A petal that has come off: on its way to the floor, or lying there.
vec3 fallen(vec3 p, vec3 middle, Blossom b, float random, float lot) {
    float life = fract(lot + u_phase * 0.045), down = clamp(life * 1.9, 0.0, 1.0);
    float rest = smoothstep(0.46, 0.54, life), swing = sin(life * 16.0 + lot * 9.0) * (1.0 - rest);
    float away = 0.20 + 0.60 * fract(lot * 5.3), way = lot * 40.0;
    vec3 from = b.head + vec3(0.0, -0.25 * b.size, 0.0);
    vec3 to = vec3(b.root.x + away * cos(way) + 0.55 * (b.head.x - b.root.x), blossom_floor() + 0.02, b.root.z + 0.45 * away * sin(way) + 0.12);
    vec3 at = mix(from, to, vec3(sqrt(down), down * down, sqrt(down))) + vec3(0.12 * swing, 0.0, 0.0);
    vec3 local = (p - middle) * b.size;
    // It turns flat as it comes down.
    float turn = mix(1.1 * swing + way, way, rest), c = cos(turn), s = sin(turn);
    local.xz = mat2(c, s, -s, c) * local.xz;
    local.y *= mix(1.0, 0.12, rest);
    // It is gone from the floor, and grown again, before its way begins anew.
    return at + local * 0.72 * smoothstep(0.0, 0.07, life) * smoothstep(1.0, 0.92, life);
}

void main() {
    mood = mood_now();
    wild = max((1.0 - u_symmetry) * (1.0 - 0.6 * mood.disgust) * (1.0 - 0.9 * mood.fear), 0.75 * mood.angry);
    Blossom b = blossom_stand(mood);
    thorn = clamp(u_feels[u_shape].w * (1.0 - 0.5 * mood.surprise - 0.5 * mood.fear - 0.9 * mood.disgust) + 0.45 * b.of.frown, 0.0, 1.0) * (1.0 - 0.9 * mood.fear);
    mouth = b.of.mouth * (1.0 - 0.9 * mood.fear);
    // The heart first: what lies behind is then never shaded, which is half the cost.
    float n = float(gl_InstanceID), self = u_self[u_shape].x;
    float t = (n + 0.5) / u_petals;
    float random = hash11(n + 1.0 + floor(self * 1024.0)), other = hash11(random * 91.7);
    float shake = (u_tremble * 0.05 + 0.03 * mood.fear) * sin(u_phase * 17.0 + random * 40.0);
    float angle = n * GOLDEN_ANGLE + self * 6.2831853 + (wild * 0.5 + 0.16 * t) * (random - 0.5) + shake;
    float open = clamp(b.open + 0.03 * sin(u_phase * 0.9 - 3.0 * t + random * 2.0), 0.0, 1.1);
    float size = reach(t) * (1.0 + wild * 0.45 * (other - 0.6));
    size *= 1.0 + 0.16 * (other - 0.5) * smoothstep(0.2, 0.5, t);
    size *= 1.0 + thorn * 0.30 * (hash11(random * 37.1) - 0.5) + 0.04 * u_energy * sin(u_phase * 2.0 + n);
    // Anger thrusts to one side: blades there are long, and some stab far out.
    float thrust = 0.5 + 0.5 * cos(angle + u_phase * 0.05 + self * 6.2831853 + u_twist - (b.side > 0.0 ? 0.7 : 2.4));
    size *= mix(1.0, 0.62 + 0.46 * thrust * thrust + 0.10 * other * other, mood.angry);
    size *= 1.0 + mood.surprise * mix(-0.42, 0.16 + 0.16 * (random - 0.5), smoothstep(0.10, 0.45, t)) + 0.10 * mood.happy * t;
    // A bud that hides has folds of unlike length.
    size *= 1.0 - 0.30 * mood.fear * other * smoothstep(0.3, 0.9, t);
    // What rots has few petals, but large ones; the others wither.
    size *= mix(1.0, mod(n, 3.0) < 0.5 ? 1.12 : 0.0, mood.disgust);

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
    normal = normalize(normal - side * u * mix(0.38, 0.15, thorn));

    float v = y * (2.0 - y);
    vec3 at = blossom_place(p, b);
    // What rots runs down from its tips.
    at.y -= mood.disgust * b.size * (0.10 * v * v + (0.05 + 0.22 * other) * pow(smoothstep(0.55, 1.0, y), 2.0)) * (1.0 + 0.12 * sin(u_phase * 0.4 + 9.0 * random));
    float comes_off = smoothstep(0.55, 0.8, t) * mood.sad * step(0.66, other);
    if (comes_off > 0.0) {
        vec3 middle = surface(0.0, 0.55, t, angle, random, size, open);
        at = mix(at, fallen(b.pose * p, b.pose * middle, b, random, fract(other * 17.0)), smoothstep(0.0, 0.6, comes_off));
    }
    v_position = at;
    v_normal = b.pose * normal;
    v_uv = vec2(u * 0.20 * (0.4 + 0.6 * v) + random * 3.0, v * 0.42 + t * 0.7);
    v_petal = vec4(t, v, u, random);
    // What the petals five further in do not cover is in the light.
    float covered = reach(max(t - 5.0 / u_petals, 0.0)) * mix(0.9, 0.55, b.open);
    float lit = smoothstep(-0.55, 0.32, v * size - covered + 0.10 * b.open);
    v_light = vec4(mix(lit, 1.0, comes_off), blossom_place(vec3(0.0, 0.0, 0.16), b));
    v_mood_a = vec4(mood.angry, mood.disgust, mood.fear, mood.happy);
    v_mood_b = vec4(mood.sad, mood.surprise, mood.neutral, mood.sleep);
    gl_Position = to_clip(at);
    // What has withered costs nothing.
    if (size < 0.02) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
