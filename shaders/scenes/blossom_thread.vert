#version 330 core
// Fine threads with a bead at the end, one set for all moods: stamens that stand in the heart, shoot out of it in surprise and
// as needles in anger; drops that run down from a hanging head; slime that hangs from what rots; pollen that rises; dust.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/blossom_pose.glsl"

uniform float u_threads;

in vec2 in_uv;  // x across in [-1, 1], y along in [0, 1]: thread up to a half, then the bead

out vec3 v_position;
out vec4 v_thread;  // across, along the thread, along the bead [-1, 1], how far it is there
out vec3 v_kind;    // how far it is light itself, water, random

void main() {
    Mood m = mood_now();
    Blossom b = blossom_stand(m);
    float n = float(gl_InstanceID), self = u_self[u_shape].x;
    vec4 lot = lots(gl_InstanceID + int(self * 65536.0));
    float way = n * 2.39996323, share = (n + 0.5) / u_threads;

    // Stamens: from the heart, on a cone; open in surprise to a burst.
    float cone = mix(0.55, 1.25, m.surprise) * sqrt(share) * mix(0.35, 1.0, smoothstep(0.2, 0.7, b.open));
    float reach = 0.30 * (0.7 + 0.5 * lot.x) * smoothstep(0.25, 0.6, b.open) + m.surprise * (0.06 + 0.42 * lot.y * lot.y)
        + m.angry * (0.12 + 0.42 * lot.y * lot.y) * step(0.4, lot.w);
    vec3 out_to = vec3(cos(way) * sin(cone), sin(way) * sin(cone), cos(cone));
    vec3 from = blossom_place(vec3(0.06 * out_to.xy, 0.05), b), to = blossom_place(vec3(0.06 * out_to.xy, 0.05) + out_to * reach, b);
    vec3 sag = vec3(0.0);
    float there = smoothstep(0.05, 0.15, reach) * (1.0 - m.fear), thick = 0.0045, bead = mix(0.009, 0.020 - 0.006 * m.surprise, lot.x * lot.x * lot.x) * (1.0 - 0.85 * m.angry);
    float shines = 0.55 + 0.35 * m.surprise, water = 0.0;

    // Drops and slime: from under the hanging petals, straight down, each at its own pace.
    float hangs = clamp(m.sad + m.disgust, 0.0, 1.0);
    // One pace or the other: a pace between the two, times a clock that has run for an hour, would race whenever the mood moves.
    float life = fract(lot.z + u_phase * (m.disgust > m.sad ? 0.045 : 0.10) * (0.6 + 0.8 * lot.w));
    float ring = b.size * mix(0.08, 0.55, sqrt(lot.x));
    float under = -0.20 * b.size - 0.25 * ring * lot.y + 0.45 * b.size * m.disgust * (fract(lot.x * 13.0) - 0.3);
    vec3 hook = b.head + vec3(cos(way), 0.0, 0.6 * sin(way)) * ring + vec3(0.04 * b.side * b.size, under, 0.0);
    // Slime hangs out of the heart itself.
    hook = mix(hook, blossom_place(vec3(0.17 * cos(way) * lot.x, 0.17 * sin(way) * lot.x, 0.16), b), m.disgust);
    float most = hook.y - blossom_floor(), runs = 0.10 + 0.90 * lot.y * life + 0.35 * (1.0 - lot.y) * life * life;
    float long_by = most * mix(runs, (0.25 + 0.75 * lot.y) * (0.5 + 0.5 * life), m.disgust);
    // A drop lets go of its thread near the floor, and the thread runs after it.
    float late = m.sad * smoothstep(0.55, 1.0, life);
    from = mix(from, hook - vec3(0.0, long_by * late * 0.9, 0.0), hangs);
    to = mix(to, hook - vec3(0.0, long_by, 0.0), hangs);
    thick = mix(thick, mix(0.0035, 0.016 + 0.016 * lot.w, m.disgust), hangs);
    bead = mix(bead, mix(0.006 + 0.016 * lot.y * lot.y, 0.022 + 0.018 * lot.w, m.disgust) * (0.6 + 0.6 * lot.w), hangs);
    there = mix(there, smoothstep(0.0, 0.12, life) * smoothstep(1.0, 0.92, life) * mix(1.0, step(lot.w, 0.22), m.disgust), hangs);
    shines = mix(shines, 0.25 - 0.15 * m.disgust, hangs);
    water = hangs * (1.0 - 0.15 * m.disgust);

    // Pollen that rises, dust that drifts: two of three leave the heart.
    float loose = step(0.34, lot.w) * clamp(m.happy + m.sleep, 0.0, 1.0), up = fract(lot.z + (m.happy > m.sleep ? u_phase * 0.09 : u_time * 0.0119366));
    vec3 grain = vec3(b.root.x, 0.0, 0.0) + vec3((2.4 * lot.x - 1.2) * (0.45 + 0.55 * up), 0.0, 1.2 * lot.y - 0.7);
    grain.x += 0.10 * sin(5.0 * up + 9.0 * lot.y + u_phase * 0.2);
    grain.y = mix(-0.75, 1.10, up);
    from = mix(from, grain - vec3(0.02 * sin(9.0 * up), 0.07 * m.happy, 0.0), loose);
    to = mix(to, grain, loose);
    there = mix(there, sin(3.14159265 * up) * mix(1.0, 0.85, m.sleep), loose);
    thick = mix(thick, 0.002, loose);
    bead = mix(bead, 0.007 + (0.010 + 0.008 * m.sleep) * lot.x * lot.x, loose);
    shines = mix(shines, 0.9 + 1.2 * m.sleep, loose);

    // Smaller blossoms have smaller ones.
    float scale = clamp(b.size / 0.72, 0.55, 1.3);
    bead *= scale;
    thick *= scale;
    vec3 line = to - from;
    float y = clamp(in_uv.y * 2.4, 0.0, 1.0), ball = clamp(in_uv.y * 2.0 - 1.0, 0.0, 1.0) * 2.0 - 1.0;
    vec3 down = normalize(line + vec3(0.0, -1e-4, 0.0));
    // Stamens bend a little; needles do not.
    vec3 p = from + line * y + vec3(0.0, -1.0, 0.0) * 0.12 * length(line) * y * (1.0 - y) * (1.0 - hangs) * (1.0 - m.angry);
    vec3 side = normalize(cross(down, vec3(0.0, 0.0, 3.4) - p));
    float wide = thick * mix(1.0 + m.angry * 2.5 * (1.0 - y), 0.55, y * (1.0 - m.disgust)) * mix(1.0, 1.15 - 1.9 * y + 1.15 * y * y, m.disgust);
    float is_ball = step(0.49, in_uv.y);
    // Never thinner than a pixel; what would be is fainter.
    float least = 1.3 / min(u_resolution.x, u_resolution.y), faint = min(wide / least, 1.0);
    wide = mix(max(wide, least), max(bead, least), is_ball);
    p += down * bead * (ball + 0.9) * is_ball;
    p += side * in_uv.x * wide;
    v_position = p;
    v_thread = vec4(in_uv.x, y, is_ball > 0.5 ? ball : -1.0, there * mix(faint * (1.0 - 0.9 * loose) * mix(1.0, y, 0.8 * m.sad), 1.0, is_ball));
    v_kind = vec3(shines, water, lot.x);
    gl_Position = to_clip(p);
    // What is not there costs nothing.
    if (there < 0.01) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
