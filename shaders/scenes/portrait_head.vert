#version 330 core
// The head of each sitter: a square round it that leans with it, and all that its face does, worked out once and not at every pixel.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/portrait/sitter.glsl"
in vec2 in_uv;
out vec2 v_p;              // the place in the picture
out vec2 v_h;              // from the head's middle, in half heads, as the head leans
flat out vec4 v_sitter;    // middle, half height, how far it is there
flat out vec4 v_turn;      // sines and cosines of yaw and pitch
flat out vec4 v_brow, v_eye, v_mouth, v_gaze, v_key;
flat out float v_shares[7], v_parting, v_collar;
flat out vec3 v_eyes;
flat out vec4 v_avatar;   // of the visitor's painted face, in the picture: middle, half its side, how far it is there
flat out vec4 v_hair;      // how far it is a hood, how deep it falls, how wild it is, how far it stands up
const float WIDE = 1.32, HIGH = 1.45, LOW = 1.92;

void main() {
    float shares[7] = moods_awake();
    vec3 frame = framing(u_shape, shares);
    Sitter s = sitter(u_shape, frame, shares);
    v_shares = shares;
    v_sitter = vec4(s.head, s.tall, s.here);
    v_turn = vec4(sin(s.turn.x), cos(s.turn.x), sin(s.turn.y), cos(s.turn.y));
    float bare = 1.0 - u_presence;
    v_brow = vec4(0.0);
    v_eye = vec4(0.60, 0.60, 0.0, 0.0);
    v_mouth = vec4(0.0);
    v_gaze = vec4(0.0);
    // brow: inner up, outer up, down, uneven; eye: open left, right, wide, squint; mouth: open, smile (below 0 frown), pucker, wide;
    // gaze: x, y, sneer, dragged aside.
    v_brow += shares[SAD] * vec4(1.1, -0.5, 0.0, 0.0) + shares[ANGRY] * vec4(-0.2, 0.5, 1.2, 0.1) + shares[FEAR] * vec4(1.1, 0.3, 0.15, 0.0);
    v_brow += shares[DISGUST] * vec4(-0.1, 0.2, 0.7, 0.8) + shares[HAPPY] * vec4(0.62, 0.50, -0.15, 0.0) + shares[SURPRISE] * vec4(1.1, 1.2, 0.0, 0.0);
    v_eye += shares[SAD] * vec4(-0.36, -0.36, 0.0, 0.1) + shares[ANGRY] * vec4(0.0, 0.0, 0.3, 0.45) + shares[FEAR] * vec4(0.42, 0.42, 1.0, 0.0);
    v_eye += shares[DISGUST] * vec4(-0.22, -0.28, 0.0, 0.7) + shares[HAPPY] * vec4(-0.04, -0.04, 0.0, 0.62) + shares[SURPRISE] * vec4(0.40, 0.40, 1.0, 0.0);
    v_eye.xy -= 0.75 * bare;
    v_mouth += shares[SAD] * vec4(0.0, -0.8, 0.1, 0.0) + shares[ANGRY] * vec4(0.10, -0.6, 0.0, 0.5) + shares[FEAR] * vec4(0.30, -0.4, 0.15, 0.3);
    v_mouth += shares[DISGUST] * vec4(0.10, -0.9, 0.0, 0.2) + shares[HAPPY] * vec4(0.52, 1.1, 0.0, 0.75) + shares[SURPRISE] * vec4(0.75, 0.0, 0.9, 0.0);
    v_gaze += shares[SAD] * vec4(0.0, -0.8, 0.0, 0.0) + shares[FEAR] * vec4(0.5, 0.1, 0.0, 0.0) + shares[SURPRISE] * vec4(0.0, 0.15, 0.0, 0.0);
    v_gaze += shares[ANGRY] * vec4(0.1, 0.25, 0.4, 0.0) + shares[DISGUST] * vec4(-0.7, -0.2, 1.0, 0.6);
    // What the face does itself, over what the mood gives it.
    vec4 a = u_expression[u_shape * 4], b = u_expression[u_shape * 4 + 1], c4 = u_expression[u_shape * 4 + 2], d4 = u_expression[u_shape * 4 + 3];
    float known = u_seen[u_shape].y;
    v_brow = mix(1.0, 0.7, known) * v_brow + vec4(a.xyz, 0.6 * a.w);
    v_eye.xy += 0.4 * b.z;
    v_eye = v_eye * vec4(1.0 - b.xy, 1.0, 1.0) + vec4(0.0, 0.0, b.zw);
    v_mouth = mix(1.0, 0.7, known) * v_mouth + vec4(c4.x, c4.y - c4.z, c4.w, d4.x);
    v_gaze = mix(1.0, 0.7, known) * v_gaze + vec4(d4.zw, d4.y, 0.0);
    v_brow = clamp(v_brow, -1.0, 1.2);
    v_mouth = clamp(v_mouth, -1.0, 1.1);
    v_eye = clamp(v_eye, 0.0, 1.3);
    v_gaze = clamp(v_gaze, -1.0, 1.0);
    float seed = u_self[u_shape].x;
    v_parting = seed < 0.5 ? -1.0 : 1.0;
    float veil = clamp(shares[SAD] + 0.8 * shares[FEAR] + bare, 0.0, 1.0);
    float fall = mix(fract(seed * 7.0) < 0.5 ? 0.0 : -2.0, -2.0, veil);
    float lift = 0.5 * shares[HAPPY] + shares[SURPRISE] + 0.3 * shares[ANGRY];
    v_hair = vec4(veil, fall, 0.5 * shares[SURPRISE] + shares[ANGRY] + 0.4 * shares[DISGUST], lift);
    vec2 breast = to_easel(0.5 * (u_joints[u_shape * JOINTS + LEFT_SHOULDER].xy + u_joints[u_shape * JOINTS + RIGHT_SHOULDER].xy), frame);
    v_collar = clamp((breast.y - s.head.y) / max(s.tall, 0.01) + 0.16, -1.48, -1.22);
    if (s.here * u_joints[u_shape * JOINTS + LEFT_SHOULDER].w < 0.1) v_collar = -1.36;
    v_eyes = vec3((vec2(-0.43, 0.43) * v_turn.y + 0.90 * v_turn.x) * 0.72, -0.02 + 0.9 * v_turn.z);
    float camera_wide = u_resolution.x / u_resolution.y * u_camera_fit.x / u_camera_fit.y;
    vec2 painted = to_easel(vec2((2.0 * u_avatar_place.x - 1.0) * camera_wide, 1.0 - 2.0 * u_avatar_place.y), frame);
    v_avatar = vec4(painted, 2.0 * u_avatar_place.z * frame.z, u_avatar_place.w * smoothstep(1.1, 0.7, distance(painted, s.head) / max(s.tall, 0.01)));
    vec3 key = key_light(shares);
    float lean = s.turn.z, c = cos(lean), d = sin(lean);
    // roll above 0 leans to the screen's right.
    v_key = vec4(c * key.x - d * key.y, d * key.x + c * key.y, key.z, bare);
    v_h = vec2(in_uv.x * WIDE, mix(-LOW, HIGH, in_uv.y));
    vec2 p = s.head + s.tall * vec2(c * v_h.x + d * v_h.y, -d * v_h.x + c * v_h.y);
    v_p = p;
    gl_Position = vec4(p * min(u_resolution.x, u_resolution.y) / u_resolution, 0.0, s.here > 0.01 ? 1.0 : 0.0);
    vec2 uv = gl_Position.xy * 0.5 + 0.5;
    gl_Position.xy = ((uv - u_part.xy) / u_part.zw) * 2.0 - 1.0;
}
