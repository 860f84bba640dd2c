#version 330 core
// The hands of each sitter, where they are seen: forearm, palm, fingers and thumb, a few strokes each, lit from where the face is.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/form/moods.glsl"
#include "lib/land/lay.glsl"
#include "lib/portrait/sitter.glsl"
#include "lib/portrait/pigment.glsl"
#include "lib/atelier/touch.glsl"
in vec2 in_uv;
const int FOREARM = 3, PALM = 6, FINGERS = 14, HAND = 16;

void main() {
    v_on = vec2(0.0);
    v_colour = v_brush = v_relief = vec4(0.0);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    int hand = gl_InstanceID / HAND, j = gl_InstanceID - hand * HAND;
    vec4 joint = u_joints[u_shape * JOINTS + LEFT_WRIST + hand], bend = u_joints[u_shape * JOINTS + LEFT_ELBOW + hand];
    if (min(joint.w, bend.w) < 0.3 || joint.y < bend.y - 0.1) return;
    float shares[7] = moods_awake();
    vec3 frame = framing(u_shape, shares);
    Sitter who = sitter(u_shape, frame, shares);
    vec4 lot = lots(gl_InstanceID * 5 + 4001);
    vec2 wrist = hung_wrist(joint.xy, frame, who.tall), elbow = to_easel(bend.xy, frame), way = normalize(wrist - elbow + vec2(0.0, 1e-4));
    float H = who.tall, out_to = wrist.x < who.head.x ? -1.0 : 1.0, away = abs(wrist.x - who.head.x) / max(H, 0.01);
    // Hands that hang, or lie before the face, are the robe's; so are those of who hides, mourns or turns away.
    float there = who.here * min(smoothstep(0.3, 0.6, joint.w), smoothstep(0.3, 0.6, bend.w)) * smoothstep(-0.3, 0.3, way.y) * smoothstep(0.95, 1.35, away) * (1.0 - min(shares[FEAR] + shares[SAD] + shares[DISGUST], 1.0));
    vec2 right = vec2(way.y, -way.x);
    Touch s = Touch(wrist, way, 0.1, 0.1, 0.0, 1.0);
    float row = 0.0, lift = 0.0;
    if (j < FOREARM) {
        // It comes out of the wide sleeve, and thins to the wrist.
        row = float(j) - 1.0;
        float back = min(0.44 * H, 0.36 * distance(wrist, elbow));
        s.middle = wrist - way * back + right * row * 0.12 * H;
        s.way = -normalize(way - right * row * 0.06);
        s.reach = (1.30 + 0.35 * lot.x) * back;
        s.wide = 0.17 * H;
    } else if (j < PALM) {
        row = float(j - FOREARM) - 1.0;
        s.way = normalize(way + 0.16 * row * right);
        s.middle = wrist + 0.40 * H * way + right * row * 0.17 * H;
        s.reach = (0.50 - 0.05 * row * row) * H;
        s.wide = 0.19 * H;
        s.bend = -0.10 * row;
    } else {
        // Fingers, each half over the next, and a thumb that points to the head.
        bool thumb = j >= FINGERS, over = (j - PALM) % 2 == 1;
        float f = thumb ? -1.7 * out_to * sign(right.x + 1e-4) : (float((j - PALM) / 2) - 1.5) / 1.5, fan = thumb ? 0.40 : 0.13 + 0.12 * (shares[HAPPY] + shares[SURPRISE]);
        s.way = normalize(way + f * fan * right);
        float long_by = thumb ? 0.36 : 0.50 - 0.07 * abs(f - 0.25 * out_to);
        s.middle = wrist + (thumb ? 0.08 : 0.30) * H * way + (thumb ? 0.08 : 0.19) * f * H * right + long_by * H * s.way;
        s.bend = -0.16 * f + 0.06 * (lot.x - 0.5);
        s.wide = (over ? 0.070 : 0.100) * H;
        s.reach = long_by * H * (over ? 0.92 : 1.0);
        row = 0.7 * f;
        lift = over ? 0.10 : -0.12;
    }
    float turned = dot(right * row, vec2(-0.80, 0.50)), t = clamp(0.46 + 0.34 * turned + lift + 0.08 * (lot.x - 0.5) - 0.25 * smoothstep(0.0, 2.0, out_to * away), 0.05, 1.0);
    touch(s, in_uv, flesh_pigment(t, lot.z), 0.94 * there, lot.w, 0.75, 0.0, 0.3);
}
