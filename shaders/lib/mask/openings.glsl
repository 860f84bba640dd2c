// mask_eye, mask_mouth, mask_right: how deep inside an opening of the mask a place of its face is. Needs mask/rig (face, mood), lib/frame.
// q in units of the face's half height, x to the screen's right, y up. Range: about the distance to the lid or lip in those units, positive
// inside, at least -1. mask_right: 0 on the left side of a face, 1 on its right, soft between. mask_eye gives x that distance and
// y, z the place in the eye, (0, 0) its middle. Idea: two arcs over a span.
const vec2 MASK_EYE = vec2(0.305, 0.11);
const float MASK_MOUTH = -0.50;
float mask_right(float x) { return smoothstep(-0.10, 0.10, x); }
vec3 mask_eye(vec2 q) {
    float right = mask_right(q.x), ax = abs(q.x), plain = 1.0 - smoothstep(0.0, 0.6, mood[1].w);
    float open = mix(face[1].x, face[1].y, right) * (1.0 + 0.7 * plain), squint = face[1].z;
    float tilt = mix(face[0].z - face[0].x, face[0].w - face[0].y, right);
    vec2 e = vec2(ax - MASK_EYE.x, q.y - MASK_EYE.y);
    float wide = mix(0.185 + 0.02 * open, 0.105, plain);
    float at = e.x / wide, arc = 1.0 - at * at;
    // Outer corners rise or hang with the brows; laughing lifts both lids to an arch, sleep lets them hang.
    e.y -= tilt * 0.045 * at * (1.0 - plain) + arc * (0.065 * squint - 0.05 * (1.0 - clamp(open * 3.0, 0.0, 1.0)) * (1.0 - squint));
    // Wide eyes are round.
    float bow = mix(arc, sqrt(max(arc, 0.0)), 0.8 * smoothstep(0.6, 1.5, open));
    float upper = bow * (0.02 + 0.135 * open) * mix(1.0, 1.25, plain) * (1.0 - 0.35 * mood[0].x * smoothstep(0.6, -0.9, at));
    float lower = -bow * (0.004 + 0.085 * open * (1.0 - 0.8 * squint)) * mix(1.0, 1.4, plain);
    float line = mix(0.0, 0.018, plain);
    float inside = min(upper + line - e.y, e.y - lower + line);
    // A plain eye is an oval, closed by laughing or sleep to an arc.
    float tall = max(0.03 + 0.105 * open, 0.02);
    float oval = (1.0 - length(vec2(at * 0.95, (e.y - 0.01) / tall))) * min(tall, wide);
    inside = mix(min(inside, (1.0 - abs(at)) * 0.12 + line), oval, plain * smoothstep(0.25, 0.5, open) * (1.0 - smoothstep(0.4, 0.8, squint)));
    return vec3(max(inside, -1.0), e);
}
float mask_mouth(vec2 q, out vec2 m) {
    float plain = 1.0 - smoothstep(0.0, 0.6, mood[1].w), right = mask_right(q.x);
    float jaw = face[2].x, pucker = face[2].w, corner = mix(face[2].y, face[2].z, right), raise = mix(face[3].z, face[3].w, right);
    float wide = 0.235 * (1.0 + 0.42 * face[1].w + 0.22 * max(corner, 0.0)) * (1.0 - 0.38 * pucker) * (1.0 + 0.25 * plain);
    float at = q.x / wide, arc = 1.0 - at * at;
    float smile = corner * mix(0.085 + 0.055 * mood[0].w, 0.12, plain);
    m = vec2(at, q.y - MASK_MOUTH + 0.03 * jaw + smile * (1.0 - at * at * 1.35) - 0.5 * smile);
    float round_ = sqrt(max(arc, 0.0)), curve = mix(arc, round_, clamp(pucker + 0.6 * plain, 0.0, 1.0));
    float upper = curve * (jaw * mix(0.11, 0.03, clamp(corner, 0.0, 1.0)) + 0.065 * raise * (1.0 - 0.4 * at * at));
    float lower = -curve * jaw * mix(0.25, 0.30, clamp(corner, 0.0, 1.0)) * (1.0 - 0.35 * face[0].x * mood[0].x);
    float line = mix(0.005 * (1.0 - abs(at)), 0.020, plain);
    return max(min(min(upper + line - m.y, m.y - lower + line), (1.0 - abs(at)) * 0.16 + line), -1.0);
}
