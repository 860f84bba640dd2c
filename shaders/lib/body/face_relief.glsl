// face_relief: a face as a relief over an oval, carved in few strokes. Needs body/face_worn.
// q: place in the face, (0, 0) between the eyes and the nose's tip, x in [-0.8, 0.8] to the screen's right, chin at y = -1, crown at 1.
// Gives height towards the viewer in head half heights [-0.2, 0.4], how dark it is there [0, 1] (eyes, brows, mouth), and how
// much light of its own there is (the glint of an eye) [0, 1].
// Idea: proportions of a drawing lesson (eyes in the middle, nose halfway to the chin), each feature a bell moved by the expression.
vec3 face_relief(vec2 q, Face f) {
    float s = abs(q.x), side = q.x < 0.0 ? 0.0 : 1.0;
    // Brows.
    float t = clamp((s - 0.12) / 0.46, 0.0, 1.0), own = (q.x < 0.0 ? -1.0 : 1.0) * f.brow.w * 0.07;
    float brow_y = 0.235 + 0.13 * f.brow.x * (1.0 - t) * (1.0 - t) + 0.10 * f.brow.y * t - 0.13 * f.brow.z * (1.0 - t) + 0.05 * sin(3.1416 * t) + own;
    float in_brow = smoothstep(0.07, 0.15, s) * (1.0 - smoothstep(0.52, 0.66, s)), off = (q.y - brow_y) / mix(0.062, 0.038, t);
    float brow = exp(-off * off) * in_brow;
    // Eyes in their sockets.
    vec2 e = vec2(s - 0.33, q.y - 0.055);
    float closed = mix(f.eye.x, f.eye.y, side), open_by = 0.078 * (1.0 - 0.9 * closed) * (1.0 + 0.7 * f.eye.z - 0.45 * f.eye.w) + 0.012;
    float almond = length(vec2(e.x / 0.17, (e.y + 0.02 * closed) / (open_by * (1.05 - 3.0 * e.x * e.x))));
    float eye = 1.0 - smoothstep(0.75, 1.15, almond), socket = exp(-e.x * e.x / 0.045 - e.y * e.y / 0.020);
    vec2 iris = e - vec2((q.x < 0.0 ? -1.0 : 1.0) * 0.06 * f.rest.z, 0.03 * f.rest.w);
    float glint = exp(-dot(iris, iris) / 0.0022) * (1.0 - closed);
    // Nose, its wings and its shadow.
    float down = clamp((0.20 - q.y) / 0.50, 0.0, 1.2), ridge = exp(-q.x * q.x / mix(0.004, 0.014, down));
    float nose = ridge * smoothstep(0.26, 0.10, q.y) * smoothstep(-0.37, -0.27, q.y) * (0.07 + 0.20 * down);
    vec2 w = vec2(s - 0.105, q.y + 0.275 - 0.05 * f.rest.y);
    float nostril = exp(-w.x * w.x / 0.0022 - w.y * w.y / 0.0011);
    // Mouth.
    float wide = 0.27 + 0.09 * f.rest.x + 0.06 * f.mouth.y - 0.13 * f.mouth.w, u = s / wide;
    float line = -0.545 - 0.10 * f.mouth.x + (f.mouth.y - 1.15 * f.mouth.z) * 0.115 * (u * u - 0.35) - 0.02 * cos(7.0 * q.x) * (1.0 - u) + 0.04 * f.rest.y;
    float gap = (0.016 + 0.17 * f.mouth.x) * sqrt(max(1.0 - u * u, 0.0)), from = q.y - line;
    float mouth = (1.0 - smoothstep(0.5, 1.6, abs(from) / (gap + 0.012))) * (1.0 - smoothstep(0.85, 1.08, u));
    float lip = exp(-pow((abs(from) - gap - 0.045) / 0.045, 2.0)) * (1.0 - smoothstep(0.25, 0.85, u)) * (from < 0.0 ? 1.0 : 0.5);
    // Cheeks, and the folds from the nose to the mouth's corners.
    vec2 c = vec2(s - 0.44, q.y + 0.22 - 0.10 * f.mouth.y);
    float cheek = exp(-c.x * c.x / 0.05 - c.y * c.y / 0.05) * (0.05 + 0.06 * f.mouth.y);
    float fold_x = s - 0.16 - 0.36 * clamp(-q.y - 0.22, 0.0, 0.5), fold = exp(-fold_x * fold_x / 0.0016) * smoothstep(-0.18, -0.30, q.y) * smoothstep(-0.66, -0.50, q.y);
    float wrinkle = f.rest.y * exp(-q.x * q.x / 0.03) * exp(-pow((q.y - 0.14) / 0.08, 2.0)) * (0.5 + 0.5 * sin(75.0 * q.y + 40.0 * s));
    float height = 0.045 * brow * (0.5 + f.brow.z) + 0.05 * exp(-pow((q.y - 0.23) / 0.10, 2.0)) * (1.0 - smoothstep(0.4, 0.7, s)) - 0.12 * socket + 0.035 * eye * (1.0 - closed)
        + nose + cheek + 0.025 * lip - 0.02 * mouth - 0.03 * fold - 0.03 * wrinkle + 0.05 * exp(-q.x * q.x / 0.03 - pow((q.y + 0.86) / 0.10, 2.0));
    float dark = max(max(0.75 * brow, eye * 0.92), max(max(nostril * 0.8, mouth), max(0.42 * socket, 0.35 * fold + 0.4 * wrinkle)));
    return vec3(height, dark, glint);
}
