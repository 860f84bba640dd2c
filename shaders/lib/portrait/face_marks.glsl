// face_marks: what is drawn on a carved face with the tip of the brush: brows, lids, eyes, nostrils, mouth. Needs the sitter's numbers
// that portrait_head.vert gives, portrait/pigment. f: place on the face (face_place); light: what falls there; fine: a pixel's size in half
// heads. Range: linear RGB. Idea: all is a darkening of the paint that is there, with soft ends, so that it sinks into the shadow with it;
// the one light of its own is a point in each eye.
float tip(float away, float wide) { return smoothstep(wide, wide * 0.25, abs(away)); }
vec3 eye_marks(vec3 paint, vec3 f, float light, float front, float fine) {
    float side = f.x < 0.0 ? -1.0 : 1.0, x = abs(f.x), soft = 0.05 + fine / 0.16;
    float open = clamp(side < 0.0 ? v_eye.x : v_eye.y, 0.0, 1.3) * (1.0 - 0.35 * v_eye.w);
    vec2 e = (vec2(x, f.y) - vec2(0.305, 0.045)) / 0.160;
    if (abs(e.x) > 1.5 || abs(e.y) > 1.6) return paint;
    // Grief draws the outer corner down.
    e.y += 0.10 * (e.x + 0.3) * (0.6 * v_brow.x - 0.5);
    float arc = max(1.0 - e.x * e.x, 0.0), skew = 1.0 - 0.22 * e.x;
    float upper = (-0.26 + 0.98 * open) * arc * skew, lower = (-0.26 - 0.13 * min(open, 1.0) + 0.20 * v_eye.w * open) * arc / skew;
    float reach = smoothstep(1.25, 0.85, abs(e.x));
    // The lid's fold, the shadow under the eye.
    paint *= 1.0 - front * (0.42 * reach * tip(e.y - upper - 0.36, 0.16) * smoothstep(0.1, 0.5, open) + 0.22 * exp(-dot(e - vec2(-0.2, -0.75), e - vec2(-0.2, -0.75)) * 2.2));
    float in_eye = smoothstep(-soft, soft, upper - e.y) * smoothstep(-soft, soft, e.y - lower) * smoothstep(0.02, 0.14, open) * step(abs(e.x), 1.0);
    vec2 iris = vec2(e.x * side - 0.42 * v_gaze.x - 0.25 * v_turn.x, e.y - 0.08 - 0.28 * v_gaze.y);
    float ball = length(iris);
    vec3 eye = muted(mix(u_palette[2], u_palette[3], 0.6), 0.35) * (0.07 + 0.62 * light) * (1.0 - 0.35 * e.x * e.x);
    eye = mix(eye, mix(u_counter, u_palette[2], 0.5) * (0.03 + 0.16 * light), smoothstep(0.42 + soft, 0.42 - soft, ball));
    eye = mix(eye, vec3(0.004), smoothstep(0.20 + soft, 0.20 - soft, ball));
    eye *= 0.35 + 0.65 * smoothstep(-0.02, 0.40, upper - e.y);
    eye += u_palette[3] * (0.35 + 0.9 * light) * smoothstep(0.17, 0.05, length(iris - vec2(-0.15, 0.17)));
    paint = mix(paint, eye, in_eye * front);
    paint *= 1.0 - front * reach * (0.86 * tip(e.y - upper - 0.03, 0.17 * (1.0 - 0.3 * abs(e.x))) + 0.34 * tip(e.y - lower + 0.03, 0.13));
    return paint;
}
vec3 face_marks(vec3 paint, vec3 f, float light, float fine) {
    float front = smoothstep(0.02, 0.30, f.z), side = f.x < 0.0 ? -1.0 : 1.0, x = abs(f.x);
    paint = eye_marks(paint, f, light, front, fine);
    // Brows: hairs that thin out to the side.
    float along = clamp((x - 0.10) / 0.42, 0.0, 1.0);
    float inner = 0.085 * v_brow.x - 0.085 * v_brow.z, outer = 0.07 * v_brow.y - 0.045 * max(v_brow.x - v_brow.y, 0.0) + 0.06 * v_brow.w * side;
    float brow_y = 0.215 + mix(inner, outer, smoothstep(0.0, 0.85, along)) + 0.045 * sin(3.1416 * along) - 0.05 * along * along;
    float brow = tip(f.y - brow_y, mix(0.072, 0.030, along)) * smoothstep(0.06, 0.14, x) * smoothstep(0.56, 0.44, x);
    paint *= 1.0 - front * brow * (0.70 + 0.15 * v_brow.z - 0.18 * v_shares[HAPPY]);
    // Two short furrows where brows are drawn together; one over a nose that is wrinkled.
    float creased = clamp(max(0.8 * v_gaze.z, v_brow.z), 0.0, 1.0);
    paint *= 1.0 - front * creased * 0.55 * tip(x - 0.055 - 0.10 * (f.y - 0.18), 0.035) * smoothstep(0.06, 0.14, f.y) * smoothstep(0.34, 0.24, f.y);
    paint *= 1.0 - front * v_gaze.z * 0.40 * tip(f.y - 0.03 - 0.4 * x, 0.03) * smoothstep(0.16, 0.06, x);
    float out_x = f.x - 0.16 * v_turn.x;
    vec2 nostril = (vec2(abs(out_x), f.y + 0.305 - 0.03 * v_gaze.z) - vec2(0.068, 0.0)) / vec2(0.052, 0.028);
    paint *= 1.0 - front * 0.62 * smoothstep(1.3, 0.2, length(nostril));
    // Mouth: the line between the lips, which parts a little.
    float wide = 0.205 * (1.0 + 0.16 * max(v_mouth.y, 0.0) + 0.10 * v_mouth.w - 0.25 * v_mouth.z), mx = f.x - 0.08 * v_gaze.w - 0.08 * v_turn.x;
    float t = mx / wide, bow = max(1.0 - t * t, 0.0);
    float raised = 0.05 * v_gaze.z * smoothstep(-0.6, 0.6, -t) * bow;
    float smile = max(v_mouth.y, 0.0), line = -0.552 + (0.060 + 0.040 * smile) * v_mouth.y * (t * t - 0.25) + 0.012 * (cos(4.4 * t) - 0.4) * (1.0 - v_mouth.z);
    float jaw = clamp(v_mouth.x, 0.0, 1.0) * (mix(0.075, 0.125, max(v_mouth.z, 0.0)) + 0.075 * smile);
    float top = line + 0.25 * jaw * bow + raised, bottom = line - jaw * bow, soft = 0.008 + fine;
    float upper_lip = smoothstep(-soft, soft, f.y - top) * smoothstep(0.048, 0.020, (f.y - top) / max(0.3 + 0.7 * bow, 0.1)) * smoothstep(1.05, 0.8, abs(t));
    float lower_lip = smoothstep(-soft, soft, bottom - f.y) * smoothstep(0.075, 0.035, (bottom - f.y) / max(bow, 0.1)) * smoothstep(1.0, 0.7, abs(t));
    paint *= 1.0 - front * (upper_lip * vec3(0.38, 0.52, 0.50) + lower_lip * vec3(0.10, 0.30, 0.28));
    float hole = smoothstep(-soft, soft, top - f.y) * smoothstep(-soft, soft, f.y - bottom) * step(abs(t), 1.0) * smoothstep(0.004, 0.02, jaw);
    paint *= 1.0 - front * 0.90 * hole;
    // Who laughs shows the upper teeth, and the mouth's corners sink into the cheeks.
    paint = mix(paint, muted(u_palette[3], 0.4) * (0.10 + 0.85 * light), front * hole * 0.9 * smoothstep(0.2, 0.7, smile) * smoothstep(0.62, 0.45, (top - f.y) / max(top - bottom, 1e-3)) * smoothstep(0.95, 0.7, abs(t)));
    vec2 corner = vec2(abs(t) - 1.06, (f.y - line) / wide);
    paint *= 1.0 - front * 0.45 * smile * exp(-40.0 * dot(corner, corner));
    paint *= 1.0 - front * 0.72 * tip(f.y - mix(line, top, 0.5), 0.030) * smoothstep(1.18, 0.80, abs(t)) * (1.0 - hole);
    return paint;
}
