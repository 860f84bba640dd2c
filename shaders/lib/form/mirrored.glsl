// mirrored: what a form takes over from the visitor of the drawn shape, so that it seems to see and answer them. Needs lib/frame.
// Range of open: mouth and smile [-1, 1], below 0 with closed eyes; mouth [0, 1]; frown: brows drawn together [0, 1]; lift: raised hands [0, 1];
// lean: head's roll, radians; look: where the face is turned, x right, y up; near: factor on size, 1 half near. All 0 (near 1) without a face.
// Idea: the few movements that one sees from afar, from the expression, the head's turn and the wrists.
struct Mirrored { float open, mouth, frown, lift, lean, near; vec2 look; };
Mirrored mirrored() {
    int f = u_shape * 4, j = u_shape * JOINTS;
    float known = u_seen[u_shape].y;
    vec4 brows = u_expression[f], eyes = u_expression[f + 1], mouth = u_expression[f + 2];
    Mirrored r;
    r.mouth = known * mouth.x;
    r.open = known * clamp(0.9 * mouth.x + 0.5 * mouth.y + 0.3 * brows.x + 0.3 * eyes.z - 1.1 * smoothstep(0.45, 0.9, min(eyes.x, eyes.y)), -1.0, 1.0);
    r.frown = known * smoothstep(0.25, 0.9, max(brows.z, 0.8 * u_expression[f + 3].y));
    vec4 left = u_joints[j + LEFT_WRIST], right = u_joints[j + RIGHT_WRIST];
    vec2 over = vec2(left.y - u_joints[j + LEFT_SHOULDER].y, right.y - u_joints[j + RIGHT_SHOULDER].y);
    vec2 up = smoothstep(vec2(-0.05), vec2(0.35), over) * vec2(left.w, right.w) * u_place[u_shape].w;
    r.lift = max(0.8 * max(up.x, up.y), 0.5 * (up.x + up.y));
    r.lean = known * clamp(u_turn[u_shape].z, -0.6, 0.6);
    r.look = known * clamp(u_turn[u_shape].xy, -0.9, 0.9);
    r.near = mix(1.0, clamp(0.86 + 0.75 * u_seen[u_shape].z, 0.88, 1.22), u_seen[u_shape].w);
    return r;
}
