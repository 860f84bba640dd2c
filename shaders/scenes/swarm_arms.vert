#version 330 core
// The arms of a figure of dust, each a sleeve from the shoulder and a hand whose tips are blown away; what the visitor hides the mood completes.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/form/moods.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/colour/ramp.glsl"
#define HAZE_PLACE vec2(0.5, 0.6)
#include "lib/light/shade.glsl"
#include "lib/body/reframed.glsl"
#include "lib/dust/dust_frame.glsl"
#include "lib/dust/dust_head.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/dust/dust_light.glsl"
#include "lib/body/posed_arm.glsl"

uniform float u_size, u_figure;

in vec2 in_uv;  // x across in [-1, 1], y from the shoulder to the finger tips in [0, 1]

out vec2 v_cell;
out vec3 v_light;
out vec3 v_much;

void main() {
    float mood[7] = moods();
    Reframed r = dust_frame(u_shape);
    int side = gl_InstanceID;
    vec4 shoulder = reframed_joint(r, u_shape, LEFT_SHOULDER + side), opposite = reframed_joint(r, u_shape, RIGHT_SHOULDER - side), elbow, wrist;
    posed_arm(r, u_shape, mood, side, shoulder, opposite, elbow, wrist);
    float H = r.half_head, here = smoothstep(0.2, 0.8, u_place[u_shape].w) * smoothstep(0.15, 0.6, max(u_joints[u_shape * JOINTS + CHEST].w, u_seen[u_shape].w)),
        to = shoulder.x < opposite.x ? -1.0 : 1.0;
    vec3 head = dust_head(r, mood);
    // Hands that are not seen: fear hides behind them, surprise throws them up.
    float hides = mood[FEAR], up = mood[SURPRISE], unseen = (1.0 - smoothstep(0.3, 0.7, min(elbow.w, wrist.w))), ours = unseen * smoothstep(0.35, 0.7, max(hides, up));
    hides /= max(hides + up, 1e-3);
    // A hidden forearm hangs.
    vec3 hangs = shoulder.xyz + vec3(0.45 * to, -2.3, 0.0) * H, between = 0.5 * (shoulder.xyz + wrist.xyz) + vec3(0.3 * to, -0.3, 0.0) * H;
    elbow = mix(vec4(mix(hangs, between, smoothstep(0.3, 0.7, wrist.w)), max(0.75 * shoulder.w, wrist.w)), elbow, smoothstep(0.2, 0.6, elbow.w));
    wrist = mix(vec4(elbow.xyz + vec3(0.05 * to, -1.9, 0.3) * H, 0.0), wrist, smoothstep(0.2, 0.6, wrist.w));
    // A forearm that lies on the upper arm is lifted off it (in sadness it hangs), so that it is no stump.
    vec2 fore = wrist.xy - elbow.xy;
    float folded = dot(normalize(shoulder.xy - elbow.xy + 1e-4), normalize(fore + 1e-4));
    wrist.xy = mix(wrist.xy, elbow.xy + vec2(0.20 * to, mix(0.98, -0.98, mood[SAD])) * max(length(fore), 1.5 * H), 0.85 * (1.0 - mood[FEAR]) * smoothstep(0.55, 0.95, folded) * smoothstep(0.2, 0.6, wrist.w));
    vec3 hand = normalize(wrist.xyz - elbow.xyz + vec3(0.0, -1e-4, 0.0));
    elbow = mix(elbow, vec4(head + H * mix(vec3(2.15 * to, -2.2, 0.2), vec3(1.30 * to, -2.6, 0.4), hides), 1.0), ours);
    wrist = mix(wrist, vec4(head + H * mix(vec3(1.62 * to, -0.95, 0.4), vec3(0.78 * to, -1.10 + 0.1 * to, 1.0), hides), 1.0), ours);
    hand = normalize(mix(hand, mix(vec3(0.10 * to, 1.0, 0.2), vec3(-0.42 * to, 1.0, 0.2), hides), ours));
    // The wrist bends a little.
    hand = normalize(hand + 0.7 * ours * normalize(wrist.xyz - elbow.xyz + 1e-4));
    float v = in_uv.y, palm = smoothstep(0.70, 0.76, v), seen = mix(smoothstep(0.25, 0.60, elbow.w) * (1.0 - r.bust * (1.0
        - smoothstep(0.3, 0.7, wrist.w))), 1.0, ours);
    // It grows out of the cloak, or not at all.
    vec3 joint = vec3(dust_middle(r, head, shoulder, opposite).x + to * max(0.45 * abs(shoulder.x - opposite.x), 1.05 * H) * (1.0 - 0.55 * mood[FEAR]), head.y - 1.75 * H, shoulder.z);
    seen *= 1.0 - smoothstep(1.6, 2.6, distance(joint.xy, shoulder.xy) / H);
    vec3 root = joint, tip = wrist.xyz + hand * (0.78 + 0.7 * max(-hand.y, 0.0)) * H;
    // Round at the elbow.
    float s = clamp(v / 0.70, 0.0, 1.0);
    vec3 arm = mix(mix(root, elbow.xyz, s), mix(elbow.xyz, wrist.xyz, s), s), bone = mix(elbow.xyz - root, wrist.xyz - elbow.xyz, s);
    arm = mix(arm, s < 0.5 ? mix(root, elbow.xyz, 2.0 * s) : mix(elbow.xyz, wrist.xyz, 2.0 * s - 1.0), 0.75);
    vec3 at = v < 0.70 ? arm : mix(wrist.xyz, tip, (v - 0.70) / 0.30), way = normalize(mix(bone, hand, palm) + vec3(0.0, 1e-4, 0.0));
    vec2 across = normalize(vec2(way.y, -way.x) + 1e-4);
    float x = in_uv.x * 1.2, a = abs(x), blown = smoothstep(0.66, 0.95, v), hand_by = max(v - 0.70, 0.0) / 0.30;
    // A wide sleeve whose lower side hangs in filaments, and out of it a hand whose fingers are streams of dust.
    float hanging = smoothstep(0.55, 0.95, -hand.y) * (1.0 - mood[FEAR]), sleeve = mix(0.42, 0.32, s) + 0.12 * smoothstep(0.45, 0.80, s) * (1.0 - 0.5 * mood[FEAR]) + 0.22 * hanging * smoothstep(0.3, 1.0, s), thick = mix(sleeve, 0.14 + 0.08 * sin(3.14159 * min(1.3 * hand_by, 1.0)) + 0.10 * smoothstep(0.45, 1.0, hand_by), mix(smoothstep(0.69, 0.72, v), 0.45 * smoothstep(0.75, 1.0, v), hanging));
    float under = max(-x * across.y, 0.0), hang = under * under * (0.15 + 1.15 * s * s) * (1.0 - smoothstep(0.69, 0.73, v)) * (1.0 - 0.6 * mood[FEAR]),
        finger = mix(1.0, 0.5 - 0.5 * cos(12.566371 * (x / 1.2 + 1.0)), smoothstep(0.80, 0.90, v) * (1.0 - hanging)), falls = hanging * smoothstep(0.45, 0.85, v), loose = max(smoothstep(0.10, 0.55, hang), falls);
    at -= way * 0.22 * H * smoothstep(0.80, 1.0, v) * x * x;
    vec3 p = at + vec3(across * (x * thick + 0.05 * blown * sin(9.0 * v - 1.1 * u_phase + 2.5 * x)) * H, 0.6 * H) - vec3(0.06 * sin(7.0 * s - 0.7 * u_phase) * hang, hang, 0.0) * H;
    float bulge = sqrt(max(1.0 - min(a * a, 1.0), 0.0)), edge = smoothstep(0.65, 1.0, a);
    vec3 n = normalize(vec3(across * (x + 0.22 * (1.0 - palm) * sin(7.0 * x + 14.0 * s)), bulge + 0.2));
    v_light = dust_light(u_shape, n, 0.0, 0.05 + 0.10 * mood[FEAR] + 0.35 * max(loose, blown), edge * edge * (1.0 - loose), p.xy * 0.42 + 0.5) * (1.0 + 0.35 * mood[FEAR]) * mix(0.75, 1.0, v) * (1.0 - 0.45 * exp(-pow((v - 0.705) / 0.030, 2.0)) * (1.0 - hanging));
    v_cell = dust_cells(p.xy - root.xy + vec2(0.0, (0.72 * hang + 0.8 * hanging * max(v - 0.55, 0.0) * 2.6) * H), u_size) + 900.0 + 70.0 * float(side);
    float all = seen * here * smoothstep(0.0, 0.12, v) * min(1.0, 1.7 * u_figure), inside = (1.0 - smoothstep(mix(0.80, 0.62, blown), 1.08, a)) * finger;
    v_much = vec3(0.94 * inside * (1.0 - 0.8 * blown) * (1.0 - loose) * all, mix(inside, mix(1.0, inside, falls), loose) * (1.0 - 0.80 * smoothstep(0.80, 1.0, v)) * (1.0 - 0.85 * smoothstep(0.1, 1.25, hang)) * all, mix(0.52, 0.66, 1.0 - smoothstep(0.10, 0.34, H)));
    gl_Position = here < 0.01 ? vec4(2.0, 2.0, 2.0, 1.0) : to_clip(p);
}
