// face_marks: what is drawn on a carved face with the tip of the brush: brows, lids, eyes, nostrils, mouth. Needs the sitter's numbers
// that portrait_head.vert gives, portrait/pigment. f: place on the face (face_place); light: what falls there. Range: linear RGB.
// Idea: each is a line with a soft edge, bent by what the face does; the mouth's two lines part where the jaw opens.
float tip(float away, float wide) { return smoothstep(wide, wide * 0.35, abs(away)); }
vec3 face_marks(vec3 paint, vec3 f, float light) {
    float front = smoothstep(0.05, 0.25, f.z);
    vec3 dark = u_palette[1] * 0.16 + 0.012 * u_counter;
    float side = f.x < 0.0 ? -1.0 : 1.0;
    float x = abs(f.x);
    // Eyes.
    float open = clamp(side < 0.0 ? v_eye.x : v_eye.y, 0.0, 1.4) * (1.0 - 0.45 * v_eye.w);
    vec2 e = (vec2(x, f.y) - vec2(0.37, 0.07)) / vec2(0.21, 0.125);
    e.y -= 0.18 * (e.x + 0.2) * (1.0 - v_brow.x) - 0.10 * v_brow.x * (1.0 - e.x);
    float arc = max(1.0 - e.x * e.x, 0.0);
    float upper = (-0.15 + 1.05 * open) * arc, lower = (-0.15 - 0.50 * min(open, 1.0) + 0.35 * v_eye.w * open) * arc;
    float in_eye = smoothstep(0.0, 0.12, upper - e.y) * smoothstep(0.0, 0.12, e.y - lower) * step(abs(e.x), 1.0) * smoothstep(0.0, 0.12, open);
    vec3 white = mix(u_palette[2], u_palette[3], 0.75) * (0.45 + 0.55 * light);
    vec2 iris = vec2(e.x * side - 0.45 * v_gaze.x, (e.y - 0.22 * open - 0.35 * v_gaze.y) * 0.62);
    float ball = length(iris);
    float round_eye = mix(0.44, 0.30, v_eye.z);
    vec3 eye = mix(white, mix(u_counter * 0.35, dark, 0.55), smoothstep(round_eye + 0.06, round_eye - 0.06, ball));
    eye = mix(eye, dark * 0.5, smoothstep(0.22, 0.14, ball));
    eye *= 0.62 + 0.38 * smoothstep(0.0, 0.45, upper - e.y);
    eye += u_palette[3] * 1.2 * smoothstep(0.10, 0.04, length(iris - vec2(-0.12, 0.14)));
    paint = mix(paint, eye, in_eye * front);
    float reach = smoothstep(1.15, 0.9, abs(e.x));
    paint = mix(paint, dark, front * reach * tip(e.y - upper - 0.05, 0.15 * (1.1 - 0.4 * abs(e.x))) * 0.95);
    paint = mix(paint, dark, front * reach * tip(e.y - lower + 0.02, 0.09) * 0.45);
    // The fold of the lid.
    paint = mix(paint, dark, front * reach * tip(e.y - upper - 0.42, 0.09) * 0.35 * smoothstep(0.2, 0.6, open));
    // Brows.
    float along = clamp((x - 0.12) / 0.50, 0.0, 1.0);
    float inner = 0.17 * v_brow.x - 0.14 * v_brow.z, outer = 0.12 * v_brow.y - 0.07 * max(v_brow.x - v_brow.y, 0.0) + 0.10 * v_brow.w * side;
    float brow_y = 0.265 + mix(inner, outer, smoothstep(0.0, 0.8, along)) + 0.06 * sin(3.1416 * along) - 0.05 * along * along;
    float brow = tip(f.y - brow_y, mix(0.060, 0.022, along) * (1.0 + 0.3 * v_brow.z)) * smoothstep(0.07, 0.13, x) * smoothstep(0.66, 0.56, x);
    paint = mix(paint, dark, front * brow * 0.85);
    // Nostrils and the nose's shadow side.
    vec2 nostril = (vec2(x, f.y + 0.275 - 0.03 * v_gaze.z) - vec2(0.075, 0.0)) / vec2(0.045, 0.022);
    paint = mix(paint, dark, front * 0.75 * smoothstep(1.2, 0.5, length(nostril)));
    // Wrinkles over the nose and between the brows.
    float creased = clamp(max(v_gaze.z, 0.7 * v_brow.z), 0.0, 1.0);
    float crease = tip(fract((f.y + 0.5 * x) * 11.0) - 0.5, 0.20) * smoothstep(0.30, 0.12, x) * smoothstep(-0.16, 0.0, f.y) * smoothstep(0.34, 0.22, f.y);
    paint = mix(paint, dark, front * 0.5 * creased * crease);
    // Mouth: the line between the lips, which opens.
    float mx = f.x - 0.10 * v_gaze.w * (1.0 + 0.0), wide = 0.30 * (1.0 + 0.30 * max(v_mouth.y, 0.0) + 0.30 * v_mouth.w - 0.42 * v_mouth.z);
    float t = mx / wide, bow = max(1.0 - t * t, 0.0);
    float corner = 0.15 * v_mouth.y * (t * t - 0.35) + 0.05 * v_gaze.w * t;
    float line = -0.525 + corner - 0.02 * max(-v_mouth.y, 0.0) * 0.0;
    float jaw = v_mouth.x * mix(0.27, 0.30, v_mouth.z);
    float top = line + 0.10 * jaw * bow + 0.018 * (1.0 - smoothstep(0.0, 0.25, abs(t))) * -1.0 * (1.0 - v_mouth.z), bottom = line - jaw * sqrt(bow + 1e-4) * 1.05;
    float shut = step(abs(t), 1.0);
    vec3 lip = mix(u_palette[2], u_palette[1], 0.45) * vec3(1.15, 0.85, 0.85) * (0.35 + 0.9 * light);
    float upper_lip = smoothstep(0.0, 0.012, f.y - top) * smoothstep(0.062, 0.045, (f.y - top) / max(0.35 + 0.65 * bow, 0.1) + 0.012 * smoothstep(0.12, 0.0, abs(t)));
    float lower_lip = smoothstep(0.0, 0.012, bottom - f.y) * smoothstep(0.085, 0.06, (bottom - f.y) / max(bow, 0.08));
    paint = mix(paint, lip * 0.62, front * shut * upper_lip * 0.85);
    paint = mix(paint, lip * 1.15, front * shut * lower_lip * 0.80);
    float hole = smoothstep(-0.004, 0.014, top - f.y) * smoothstep(-0.004, 0.014, f.y - bottom) * shut;
    vec3 inside = dark * 0.8;
    float bared = max(max(v_mouth.y, 0.0), 0.8 * v_shares[ANGRY]) * smoothstep(0.02, 0.08, jaw * bow);
    float teeth = smoothstep(0.0, 0.012, top - f.y) * smoothstep(0.055, 0.04, top - f.y) * bared;
    inside = mix(inside, u_palette[3] * 0.75, teeth);
    paint = mix(paint, inside, front * hole);
    // A tongue that wants it out.
    vec2 tongue = (vec2(mx, f.y - bottom) - vec2(0.02, -0.03)) / vec2(0.12, 0.13);
    float out_of_it = v_shares[DISGUST] * smoothstep(0.25, 0.45, v_shares[DISGUST]);
    vec3 red = mix(u_counter, u_palette[3], 0.25) * (0.45 + 0.6 * light) * (1.0 - 0.5 * smoothstep(0.12, 0.0, abs(tongue.x)) * smoothstep(-0.2, 0.4, tongue.y));
    paint = mix(paint, red, front * out_of_it * smoothstep(1.0, 0.85, length(tongue)));
    paint = mix(paint, dark, front * tip(f.y - min(line, top), 0.016) * smoothstep(1.12, 0.95, abs(t)) * 0.9 * (1.0 - smoothstep(0.02, 0.1, jaw)));
    return paint;
}
