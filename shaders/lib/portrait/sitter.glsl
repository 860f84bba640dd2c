// sitter, framing, key_light, to_easel, from_easel: who sits for the portrait, and how the camera's view is moved and scaled so that head and shoulders fill
// the picture, near or far. Needs lib/frame, form/moods. Range: framing gives x, y (added) and z (factor), so that a
// place q in the camera's scene units hangs at q * z + xy; factors 0.2 to 9. Idea: all that is drawn is measured in heads; the frame
// goes to the middle of all heads, and as near as lets all of them in. A head that nobody has hangs where the portrait of nobody is.
struct Sitter {
    vec2 head;    // the head's middle, in the picture
    float tall;   // half its height, in the picture
    float here;   // how far somebody is known there
    vec4 turn;    // yaw, pitch, roll
};
const vec2 EASEL_HEAD = vec2(0.0, 0.22);
const float EASEL_TALL = 0.43;
vec3 known_head(int who, out float here) {
    here = u_seen[who].w * u_place[who].w;
    return vec3(u_head[who].xy, clamp(u_seen[who].z, 0.02, 1.5));
}
vec3 framing(float shares[7]) {
    vec2 sum = vec2(0.0);
    float weights = 1e-4, tall = 0.0, here, out_by = 0.0;
    for (int i = 0; i < u_people; i++) {
        vec3 head = known_head(i, here);
        sum += here * head.xy;
        tall += here * head.z;
        weights += here;
    }
    vec2 middle = sum / weights;
    tall = weights > 0.01 ? tall / weights : EASEL_TALL;
    for (int i = 0; i < u_people; i++) {
        vec3 head = known_head(i, here);
        out_by = max(out_by, here * abs(head.x - middle.x));
    }
    float wide = u_resolution.x / u_resolution.y;
    float size = EASEL_TALL * (1.0 - 0.34 * shares[FEAR] + 0.06 * shares[SURPRISE] + 0.05 * shares[HAPPY]) * min(1.0, 0.75 * wide);
    float near = min(size / max(tall, 0.02), 0.9 * wide / (out_by + 2.0 * tall));
    vec2 hang = EASEL_HEAD + vec2(0.22 * clamp(middle.x / wide, -1.0, 1.0) * wide, -0.06 * shares[SAD] - 0.22 * shares[FEAR]);
    return mix(vec3(0.0, 0.0, 1.0), vec3(hang - middle * near, near), clamp(weights * 4.0, 0.0, 1.0));
}
Sitter sitter(int who, vec3 frame, float shares[7]) {
    Sitter s;
    vec3 head = known_head(who, s.here);
    s.head = head.xy * frame.z + frame.xy;
    s.tall = head.z * frame.z;
    // Nobody: the portrait of nobody.
    float empty = who == 0 ? 1.0 - smoothstep(0.02, 0.25, s.here) : 0.0;
    s.head = mix(s.head, EASEL_HEAD, empty);
    s.tall = mix(s.tall, EASEL_TALL, empty);
    s.here = max(s.here, empty);
    // Three quarters to the light where nobody looks elsewhere.
    s.turn = vec4(0.16 + 0.8 * u_turn[who].x, 0.8 * u_turn[who].y, u_turn[who].z, 0.0) * (1.0 - empty);
    s.turn.y -= 0.26 * shares[SAD] - 0.08 * shares[HAPPY] + 0.10 * shares[ANGRY] + 0.15 * empty;
    s.turn.z += 0.15 * shares[SAD] - 0.10 * shares[DISGUST] + 0.10 * empty - 0.06 * shares[HAPPY];
    s.turn.x -= 0.50 * shares[DISGUST];
    s.turn.y += 0.14 * shares[DISGUST];
    s.turn.xyz = clamp(s.turn.xyz, -vec3(0.75, 0.5, 0.6), vec3(0.75, 0.5, 0.6));
    return s;
}
// Where the light comes from: from over the left shoulder, in anger from below.
vec3 key_light(float shares[7]) { return normalize(mix(vec3(-0.62, 0.50, 0.60), vec3(-0.32, -0.78, 0.54), shares[ANGRY])); }
vec2 to_easel(vec2 q, vec3 frame) { return q * frame.z + frame.xy; }
vec2 from_easel(vec2 p, vec3 frame) { return (p - frame.xy) / frame.z; }
