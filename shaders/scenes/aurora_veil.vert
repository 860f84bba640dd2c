#version 330 core
// A veil of fine threads of light that hangs over a visitor from the crown: what is under it, brows, nose, mouth and shoulders, is told by how
// the threads bend and where light lies on them. The first instance is the veil, then two sleeves, then its mirror image in the water.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/body/reframed.glsl"
#include "lib/body/face_worn.glsl"
#include "lib/body/face_relief.glsl"
#include "lib/body/posed_arm.glsl"
#include "lib/land/lay.glsl"
#include "lib/land/mountain.glsl"

in vec2 in_uv;  // x across in [-1, 1], y from the lower end to the crown

out vec4 v_thread;  // across, heads below the crown, share of its length, how far it is there
out vec4 v_look;    // light from the side, how dark a cleft is there, glint, how far it is the face
out vec3 v_size;    // half a head in pixels, the deepest end in heads, sleeve
out vec2 v_at;
flat out vec4 v_first, v_last;

void main() {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    float mood[7] = float[7](MOOD[0], MOOD[1], MOOD[2], MOOD[3], MOOD[4], MOOD[5], MOOD[6]);
    Mountain m = mountain(u_shape);
    m.hood = 1.0;
    m.shoulders *= 0.94;
    float bust = 0.0, H = m.size, t = in_uv.x, px = 2.0 / min(u_resolution.x, u_resolution.y);
    for (int i = 0; i < u_people; i++) bust = max(bust, u_seen[i].w * u_place[i].w * (1.0 - smoothstep(1.0, 2.2, u_seen[i].x)));
    // Where aurora.frag has the water.
    float shore = mix(-0.50, -0.76, bust), deep = max((m.crown.y - shore) / H, 3.4), down = 1.0 - in_uv.y;
    // Denser over the face.
    float d = down < 0.70 ? 2.4 * down / 0.70 : 2.4 + (deep - 2.4) * (down - 0.70) / 0.30;
    bool sleeve = gl_InstanceID == 1 || gl_InstanceID == 2;
    float there = smoothstep(0.05, 0.5, m.there), wave = 0.35 * u_phase;
    // All of it or none: a strip of which one end is put away is drawn right across the picture.
    bool hidden = there < 0.01;
    // Threads start close together at the crown, and hang farther apart the lower.
    vec2 at = mountain_at(m, t, d);
    vec2 f = (at - (m.crown - vec2(0.0, 1.06 * H))) / H;
    float s = sin(m.roll), c = cos(m.roll), low = smoothstep(2.6, deep, d);
    f = vec2(c * f.x - s * f.y, s * f.x + c * f.y);
    vec2 q = (f - vec2(0.40, 0.34) * sin(u_turn[u_shape].xy) * u_seen[u_shape].y + vec2(0.0, 0.02)) / 0.92;
    float in_face = smoothstep(1.08, 0.72, length(q * vec2(1.30, 0.98))) * smoothstep(0.05, 0.12, H) * mix(0.6, 1.0, u_seen[u_shape].y), side = m.crown.x > 0.15 ? -1.0 : 1.0;
    Face face = face_worn(u_shape, mood);
    face.mouth.y *= 1.0 - 0.9 * clamp(MOOD[SAD] + MOOD[ANGRY] + MOOD[FEAR] + MOOD[DISGUST], 0.0, 1.0);
    face.mouth.yz *= 1.25;
    // An open mouth is a shadow under the veil, not a hole in it.
    face.mouth.x *= 0.55;
    face.brow *= 1.3;
    face.mouth.x = max(face.mouth.x, 0.10);
    vec3 relief = face_relief(q, face);
    float slope = face_relief(q + vec2(-0.0410 * side, 0.0286), face).x - relief.x;
    float round_it = mix(0.95, 0.55, smoothstep(1.8, 3.0, d));
    vec3 normal = normalize(vec3(round_it * t, 0.35 * (1.1 - min(d, 2.4)), 0.85));
    float key = clamp(dot(normal, normalize(vec3(-0.66 * side, 0.46, 0.60))) - 8.0 * slope * in_face, 0.0, 1.2);
    // Threads give way to what lifts them.
    at.x += 0.30 * H * relief.x * in_face * side;
    at.y += 0.20 * H * relief.x * in_face;
    // What the mood does to a thread.
    float free = smoothstep(2.4, 4.0, d), zig = abs(fract(0.9 * d + 0.7 * t + 0.1 * u_phase) - 0.5) * 4.0 - 1.0;
    at.x += H * (0.06 * sin(1.3 * d + 3.0 * t + wave) * free + MOOD[ANGRY] * zig * 0.16 * (1.0 - in_face) * smoothstep(1.2, 2.6, d));
    at.x += H * MOOD[DISGUST] * 0.16 * sin(2.6 * d + 6.0 * t) * (1.0 - in_face) * smoothstep(0.5, 2.5, d);
    at += H * (MOOD[HAPPY] + 0.7 * MOOD[SURPRISE]) * vec2(0.9 * t, 0.45 * t * t) * free * free;
    at.x += 0.010 * H * u_tremble * sin(21.0 * u_phase + 9.0 * t);
    // Anger blows it up from the crown.
    at.y += H * MOOD[ANGRY] * 0.34 * max(abs(fract(4.5 * t + 0.25) - 0.5) * 2.0 - 0.3, 0.0) * smoothstep(0.55, 0.0, d);
    v_size = vec3(H / px, deep, 0.0);
    if (sleeve) {
        Reframed r = reframed(u_shape);
        int arm = gl_InstanceID - 1;
        vec4 shoulder = reframed_joint(r, u_shape, LEFT_SHOULDER + arm), elbow, wrist;
        posed_arm(r, u_shape, mood, arm, shoulder, reframed_joint(r, u_shape, RIGHT_SHOULDER - arm), elbow, wrist);
        vec2 a = m.to + m.by * (shoulder.xy - m.from) - vec2(0.0, 0.2 * H), b = m.to + m.by * (elbow.xy - m.from), e = m.to + m.by * (wrist.xy - m.from);
        b = mix(b, 2.0 * b - 0.5 * (a + e), 0.4);
        vec2 p = mix(mix(a, b, down), mix(b, e, down), down), way = normalize(mix(b - a, e - b, down) + 1e-4);
        // It comes out of the veil as one thread, opens, and runs out in threads: nothing is cut off.
        vec2 aside = vec2(way.y, -way.x) * t * H * 0.62 * smoothstep(0.0, 0.40, down) * (1.0 - 0.45 * down);
        aside.y *= aside.y < 0.0 ? 1.0 + 4.0 * down * (1.0 - 0.8 * down) : 1.0;
        at = p + aside + vec2(0.03 * sin(5.0 * down + 2.0 * t + wave), -0.10 * t * t * down) * H;
        d = 1.6 + 2.0 * down;
        key = 0.35 + 0.5 * (0.5 - 0.5 * t * sign(way.x + 1e-4));
        in_face = 0.0;
        float lifted = smoothstep(-0.2, 0.9, (e.y - a.y) / H + 0.22 * abs(e.x - a.x) / H);
        there *= min(smoothstep(0.15, 0.6, elbow.w), smoothstep(0.1, 0.5, wrist.w)) * lifted * (1.0 - MOOD[FEAR]) * (1.0 - MOOD[DISGUST]);
        hidden = there < 0.01;
        there *= smoothstep(0.02, 0.40, down) * smoothstep(1.0, 0.62, down) * smoothstep(shore - 0.02, shore + 0.28, at.y);
        v_size = vec3(H / px, 3.6, 1.0);
    }
    if (gl_InstanceID == 3) {
        at.y = 2.0 * shore - at.y;
        at.x += 0.020 * sin(55.0 * (shore - at.y) + 0.9 * u_time) * smoothstep(0.0, 0.25, shore - at.y);
        there *= 0.30 * smoothstep(0.30, 0.0, shore - at.y);
    }
    v_thread = vec4(t, d, down, there);
    v_look = vec4(key, 0.58 * relief.y * in_face, 0.6 * relief.z * in_face, in_face);
    v_at = at;
    gl_Position = hidden ? vec4(2.0, 2.0, 2.0, 1.0) : land_clip(at);
}
