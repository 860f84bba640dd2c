#version 330 core
// What grows on the land near the eye: grass with seeds that shine, reeds that hang, bare trees at the gorge's sides, burnt spikes,
// tendrils; in surprise all is laid down away from the middle.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/form/moods.glsl"
#include "lib/land/ground.glsl"
#include "lib/land/relief.glsl"
#include "lib/land/air.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/noise/lots.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"
#include "lib/land/painted_land.glsl"

uniform float u_stalks;

out float v_along;
out float v_side;
flat out vec4 v_look;  // light of its own, random, flower, how far away
out vec3 v_sky;
out vec3 v_painted;

const float JOINTS_OF_ONE = 4.0;

void main() {
    moods_here();
    SUN = sun_here();
    float n = float(gl_InstanceID), t = floor(float(gl_VertexID) * 0.5) / JOINTS_OF_ONE, side = (gl_VertexID & 1) == 0 ? -1.0 : 1.0;
    float a = hash11(n + 3.0), b = hash11(a * 57.3), c = hash11(b * 19.9);
    // In fear every fourth is a tree's trunk and the three after it its branches.
    float tree = floor(n * 0.25), twig = mod(n, 4.0), ta = hash11(tree + 91.0), tb = hash11(ta * 31.1);
    bool bare = MOOD[FEAR] > 0.5;
    float z, x;
    // Grass grows in tufts.
    float tuft = floor(n / 5.0), la = hash11(tuft + 17.0), lb = hash11(la * 57.3);
    z = 0.62 + 3.4 * la * la + 0.10 * (a - 0.5) * (1.0 + la);
    x = (2.0 * lb - 1.0) * 1.25 * z + 0.12 * (b - 0.5);
    if (bare) z = 1.3 + 3.6 * ta * ta;
    if (bare) x = (mod(tree, 2.0) < 0.5 ? -1.0 : 1.0) * (0.42 + 0.55 * tb) * z;
    vec2 foot = vec2(x, z);
    float sway = 0.10 * sin(u_phase * 0.9 + 2.0 * x + 6.0 * a) + u_tremble * 0.05 * sin(13.0 * u_phase + 40.0 * a);
    float tall = mix(0.06, 0.22, c * c) * (MOOD[NEUTRAL] * 0.8 + MOOD[HAPPY] * 2.0 + MOOD[SAD] * 1.5
        + MOOD[ANGRY] * (0.5 + 1.8 * c) + MOOD[DISGUST] * 1.3 + MOOD[SURPRISE] + MOOD[ASLEEP] * 0.5);
    vec2 lean = vec2(sway + 1.1 * (a - 0.5), 0.0);
    lean.x += MOOD[ANGRY] * 0.55 + 0.6 * u_twist * (c - 0.5);
    lean += MOOD[SURPRISE] * normalize(foot - vec2(0.0, 6.2)) * vec2(-2.2, 1.0);
    float droop = max(u_droop, 0.0) + 0.5 * MOOD[DISGUST], thick = 0.0022 + 0.0045 * c * a;
    float from = 0.0;
    if (bare) {
        tall = (0.75 + 0.9 * tb) * (twig < 0.5 ? 1.0 : 0.45);
        from = twig < 0.5 ? 0.0 : (0.35 + 0.17 * twig) * (0.75 + 0.9 * tb);
        lean = vec2(twig < 0.5 ? 0.10 * sin(7.0 * ta) + 0.3 * sway : (mod(twig, 2.0) < 0.5 ? 0.75 : -0.75) * (0.7 + 0.4 * a), 0.0);
        droop = 0.0;
        thick = (twig < 0.5 ? 0.030 : 0.013) * (0.7 + 0.6 * tb);
    }
    tall *= max(MOOD[FEAR], 1.0 - 1.6 * MOOD[FEAR]);
    // It bends over the more the higher: what hangs comes down again.
    float up = t - droop * 0.75 * t * t, over = t * t;
    float ground = relief(foot) - (bare ? 0.14 : 0.0);
    vec3 p = vec3(foot.x, ground + from, foot.y) + tall * vec3(lean.x * over + droop * 0.6 * (a < 0.5 ? -over : over), up, lean.y * over);
    if (bare && twig > 0.5) p.x = foot.x + 0.10 * sin(7.0 * ta) * from + tall * lean.x * t;
    if (bare) p.x += 0.035 * sin(9.0 * t + 20.0 * a) * tall;
    float flower = MOOD[HAPPY] * step(0.45, a) + 0.6 * MOOD[SURPRISE] * step(0.8, a);
    float wide = thick * (1.0 - 0.85 * t) * (MOOD[ANGRY] > 0.5 ? 1.8 : 1.0) + flower * 0.011 * smoothstep(0.62, 0.82, t) * smoothstep(1.01, 0.82, t) * (0.5 + b);
    wide += MOOD[DISGUST] * 0.012 * smoothstep(0.75, 1.0, t);
    p.x += side * wide;
    v_along = bare ? 0.16 + 0.84 * t : t;
    v_side = side;
    v_look = vec4(flower, a, b, z);
    v_sky = air(normalize(vec3(p.x / z, 0.03, 1.0)));
    v_painted = u_picture_strength > 0.0 ? painted_soft(vec2(seen_at(p).x, HORIZON - 0.30), 3.0) : vec3(0.0);
    gl_Position = ground_clip(p);
}
