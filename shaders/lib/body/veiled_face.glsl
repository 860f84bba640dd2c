// veiled_face: a face that is felt under cloth, or that weather has left in rock: no eyes, no holes, only what brows, nose, cheeks and
// mouth lift and fold. Needs body/face_worn (Face).
// q: place in the face, as for body/face_relief. Gives height towards the viewer in head half heights [-0.2, 0.3], and how deep the
// clefts of brows and mouth are [0, 1]. Idea: the veiled busts of Corradini and Monti: what is covered is only told by its highest places.
vec2 veiled_face(vec2 q, Face f) {
    float s = abs(q.x), t = clamp((s - 0.10) / 0.50, 0.0, 1.0), own = (q.x < 0.0 ? -1.0 : 1.0) * f.brow.w * 0.07;
    float brow_y = 0.23 + 0.17 * f.brow.x * (1.0 - t) * (1.0 - t) + 0.12 * f.brow.y * t - 0.17 * f.brow.z * (1.0 - t) - 0.07 * f.brow.x * t + own;
    float off = q.y - brow_y, in_brow = smoothstep(0.02, 0.16, s) * (1.0 - smoothstep(0.48, 0.70, s));
    float ridge = exp(-off * off / 0.009) * (1.0 - smoothstep(0.4, 0.72, s));
    vec2 e = vec2(s - 0.33, q.y - 0.03 - 0.3 * (brow_y - 0.23));
    float socket = exp(-e.x * e.x / 0.050 - e.y * e.y / 0.026), lid = exp(-e.x * e.x / 0.020 - e.y * e.y / (0.006 + 0.006 * f.eye.z));
    float down = clamp((0.22 - q.y) / 0.52, 0.0, 1.1);
    float nose = exp(-q.x * q.x / mix(0.006, 0.018, down)) * smoothstep(0.28, 0.06, q.y) * smoothstep(-0.40, -0.28, q.y) * (0.08 + 0.17 * down);
    float wide = 0.26 + 0.10 * f.rest.x + 0.09 * f.mouth.y - 0.12 * f.mouth.w, u = s / wide, in_mouth = 1.0 - smoothstep(0.80, 1.15, u);
    float line = -0.56 - 0.08 * f.mouth.x + (f.mouth.y - 1.25 * f.mouth.z) * 0.13 * (u * u - 0.35), from = q.y - line;
    float gap = 0.030 + 0.09 * f.mouth.x * sqrt(max(1.0 - u * u, 0.0));
    float mouth = exp(-from * from / (gap * gap)) * in_mouth, lip = exp(-pow((abs(from) - gap - 0.03) / 0.055, 2.0)) * (1.0 - smoothstep(0.3, 1.0, u));
    vec2 c = vec2(s - 0.43, q.y + 0.20 - 0.12 * f.mouth.y);
    float cheek = exp(-c.x * c.x / 0.05 - c.y * c.y / 0.055) * (0.07 + 0.07 * f.mouth.y), chin = exp(-q.x * q.x / 0.035 - pow((q.y + 0.88) / 0.12, 2.0));
    float frown = f.rest.y * exp(-q.x * q.x / 0.05 - pow((q.y - 0.12) / 0.10, 2.0)) * (0.5 + 0.5 * sin(60.0 * q.y + 30.0 * s));
    float height = 0.07 * ridge - 0.13 * socket + 0.035 * lid + nose + cheek + 0.035 * lip - 0.05 * mouth + 0.06 * chin - 0.03 * frown;
    float under = exp(-pow((off + 0.085) / 0.060, 2.0)) * in_brow;
    return vec2(height, max(max(0.75 * under, 0.9 * mouth), 0.5 * frown));
}
