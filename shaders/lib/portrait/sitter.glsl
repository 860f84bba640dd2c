// sitter, framing, key_light, to_easel, from_easel, hung_wrist: who sits for the portrait, and how the camera's view of each is moved and scaled, so that
// head and shoulders fill the picture, near or far. Needs lib/frame, form/moods. who: 0 to u_people - 1. Range: framing gives x, y (added)
// and z (factor), so that a place q in the camera's scene units hangs at q * z + xy; factors 0.2 to 25. Idea: all that is drawn is measured in
// heads. One visitor hangs in the middle; several hang in a row, left to right as they stand, as large as leaves room for all: a visitor's
// place in it is how many are to the left, counted softly, so that who walks past another changes places with them without a jump.
struct Sitter {
    vec2 head;    // the head's middle, in the picture
    float tall;   // half its height, in the picture
    float here;   // how far somebody is known there
    vec4 turn;    // yaw, pitch, roll
};
const vec2 EASEL_HEAD = vec2(-0.06, 0.22);
const float EASEL_TALL = 0.41;
vec3 known_head(int who, out float here) {
    here = u_seen[who].w * u_place[who].w;
    return vec3(u_head[who].xy, clamp(u_seen[who].z, 0.02, 1.5));
}
float known_sitters() {
    float here, all = 0.0;
    for (int i = 0; i < u_people; i++) {
        known_head(i, here);
        all += here;
    }
    return all;
}
vec3 framing(int who, float shares[7]) {
    float mine, here, left = 0.0, all = known_sitters(), wide = u_resolution.x / u_resolution.y;
    vec3 head = known_head(who, mine);
    for (int i = 0; i < u_people; i++) {
        vec3 other = known_head(i, here);
        if (i == who || here < 0.01) continue;
        // Who stands behind another is to the right of them by order.
        float apart = (head.x - other.x) / (head.z + other.z) + (who > i ? 0.02 : -0.02);
        left += here * smoothstep(-0.45, 0.45, apart);
    }
    float row = max(all, 1.0), far_apart = min(1.5, 1.9 * wide / row);
    float size = EASEL_TALL * (1.0 - 0.26 * shares[FEAR] + 0.04 * shares[SURPRISE] + 0.05 * shares[HAPPY]) * min(1.0, 0.75 * wide);
    size = min(size, 0.40 * far_apart);
    vec2 hang = EASEL_HEAD + vec2(0.0, -0.08 * shares[SAD] - 0.22 * shares[FEAR] - 0.05 * shares[ANGRY]);
    // Alone one follows the visitor's way a little.
    hang.x += clamp(2.0 - row, 0.0, 1.0) * 0.22 * clamp(head.x, -wide, wide) + (left - 0.5 * (row - 1.0)) * far_apart;
    float near = size / head.z;
    return mine < 0.01 ? vec3(0.0, 0.0, 1.0) : vec3(hang - head.xy * near, near);
}
Sitter sitter(int who, vec3 frame, float shares[7]) {
    Sitter s;
    vec3 head = known_head(who, s.here);
    s.head = head.xy * frame.z + frame.xy;
    s.tall = head.z * frame.z;
    // Nobody: the portrait of nobody.
    float empty = who == 0 ? 1.0 - smoothstep(0.02, 0.25, known_sitters()) : 0.0;
    s.head = mix(s.head, EASEL_HEAD, empty);
    s.tall = mix(s.tall, EASEL_TALL, empty);
    s.here = max(s.here, empty);
    // Three quarters to the light where nobody looks elsewhere.
    s.turn = vec4(-0.34 + 0.8 * u_turn[who].x, 0.8 * u_turn[who].y, u_turn[who].z, 0.0) * (1.0 - empty);
    s.turn.x += 0.24 * shares[FEAR] + 0.20 * shares[ANGRY] + 0.14 * shares[SURPRISE] + 0.95 * shares[DISGUST];
    s.turn.y += 0.14 * shares[HAPPY] + 0.18 * shares[SURPRISE] + 0.20 * shares[DISGUST] - 0.32 * shares[SAD] - 0.16 * shares[ANGRY] - 0.22 * empty;
    s.turn.z += 0.20 * shares[DISGUST] - 0.17 * shares[SAD] - 0.05 * shares[HAPPY] + 0.07 * shares[FEAR] - 0.12 * empty;
    s.turn.xyz = clamp(s.turn.xyz, -vec3(0.75, 0.5, 0.6), vec3(0.75, 0.5, 0.6));
    return s;
}
// Where the light comes from: from over the left shoulder, in anger from below it.
vec3 key_light(float shares[7]) { return normalize(mix(vec3(-0.70, 0.52, 0.48), vec3(-0.66, -0.48, 0.56), shares[ANGRY])); }
vec2 to_easel(vec2 q, vec3 frame) { return q * frame.z + frame.xy; }
vec2 from_easel(vec2 p, vec3 frame) { return (p - frame.xy) / frame.z; }
// A wrist where its hand is still in the picture.
vec2 hung_wrist(vec2 q, vec3 frame, float tall) {
    vec2 at = to_easel(q, frame);
    return vec2(at.x, min(at.y, 0.96 - 1.40 * tall));
}
