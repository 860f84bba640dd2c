#version 330 core
// A sitter's two hands: a narrow square along each forearm. Where fear has the picture and no hand is seen they are raised to the face.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/portrait/sitter.glsl"
in vec2 in_uv;
out vec2 v_h;             // from the wrist, in half heads, y towards the fingers, x to the thumb's side
flat out vec4 v_key;      // where light comes from, as the hand lies; how far the hand is there
flat out vec2 v_sleeve;   // how far a sleeve is drawn with it, and a number of its own
const float WIDE = 0.62, HIGH = 0.95, LOW = 1.7;

void main() {
    float shares[7] = moods_awake();
    vec3 frame = framing(u_shape, shares);
    Sitter s = sitter(u_shape, frame, shares);
    int side = gl_InstanceID;
    vec4 elbow = u_joints[u_shape * JOINTS + LEFT_ELBOW + side], wrist = u_joints[u_shape * JOINTS + LEFT_WRIST + side];
    float on_right = side == 0 ? 1.0 : -1.0;
    vec2 at = to_easel(wrist.xy, frame), from = to_easel(elbow.xy, frame);
    float seen = smoothstep(0.3, 0.7, min(elbow.w, wrist.w)) * s.here, raised = 0.0;
    vec2 cheek = s.head + s.tall * vec2(on_right * 0.74 + 0.5 * s.turn.z, -0.92);
    // Hands at rest hang below the picture: fear has them at the face.
    bool low = at.y < -1.0 || seen < 0.5;
    if (low && shares[FEAR] > 0.01) {
        raised = smoothstep(0.3, 0.7, shares[FEAR]) * smoothstep(0.2, 0.6, u_seen[u_shape].w);
        at = cheek + 0.012 * s.tall * vec2(sin(u_phase * 8.0), cos(u_phase * 9.0 + 2.0 * on_right));
        from = at + s.tall * vec2(on_right * 0.30, -1.5);
        seen = raised;
    }
    vec2 up = at - from;
    up = dot(up, up) > 1e-6 ? normalize(up) : vec2(0.0, 1.0);
    vec2 across = vec2(up.y, -up.x) * -on_right;
    v_h = vec2(mix(-WIDE, WIDE, in_uv.x), mix(-LOW, HIGH, in_uv.y));
    vec2 p = at + s.tall * (v_h.x * across + v_h.y * up);
    vec3 key = key_light(shares);
    v_key = vec4(dot(key.xy, across), dot(key.xy, up), key.z, seen);
    v_sleeve = vec2(max(raised, 0.75), float(side) + u_self[u_shape].x);
    vec2 uv = p * min(u_resolution.x, u_resolution.y) / u_resolution * 0.5 + 0.5;
    gl_Position = vec4((uv - u_part.xy) / u_part.zw * 2.0 - 1.0, 0.0, 1.0);
    if (seen < 0.01) gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
}
