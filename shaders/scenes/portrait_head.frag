#version 330 core
// The portrait's head: a carved face in planes of paint, or the visitor's painted one, under hair or a hood; half of it is lost in shadow.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/form/moods.glsl"
#include "lib/portrait/pigment.glsl"
uniform float u_face;
in vec2 v_h;
in vec2 v_p;
flat in vec4 v_sitter, v_turn, v_brow, v_eye, v_mouth, v_gaze, v_key;
flat in float v_shares[7], v_parting, v_collar;
flat in vec3 v_eyes;
flat in vec4 v_avatar;
flat in vec4 v_hair;
out vec4 f_colour;
#include "lib/portrait/flow.glsl"
#include "lib/portrait/face_form.glsl"
#include "lib/portrait/face_marks.glsl"
#include "lib/portrait/hair.glsl"
#include "lib/portrait/tears.glsl"
#include "lib/portrait/painted_face.glsl"

float round_light(vec3 n) { return smoothstep(-0.15, 1.05, dot(n, v_key.xyz)); }

void main() {
    vec2 h = v_h;
    // Far from the head there is nothing, and far beside it only a hood.
    if (length(h / vec2(1.22, 1.45)) > 1.0 && (h.y > -0.5 || v_hair.x < 0.02 && abs(h.x) > 1.02)) discard;
    float unit = 0.5 * min(u_resolution.x, u_resolution.y) * v_sitter.z, fine = 1.0 / unit;
    vec3 still = vec3(h * 2.2, 0.2 * u_phase + v_sitter.x);
    vec2 stir = 0.6 * parabolic(still + 0.7 * parabolic(still.yzx * 0.61 + vec3(0.3, 1.7, 2.9))).xy;
    // Strokes go round the skull from a whorl over the forehead.
    Flow flow = Flow(vec2(0.0), vec2(0.0));
    add_round(flow, h - vec2(0.06 * v_parting, 0.80), vec2(0.9, 0.12 * v_parting));
    add_flow(flow, h, vec2(0.05, 0.75 - 0.3 * v_hair.w));
    stroke_hairs = smoothstep(3.0, 12.0, 0.08 / length(flow.turn) * unit);
    Stroke st = strokes(flow.place, 0.072, vec2(1.0, 0.0), 7);
    float whole = stroke_cover(st);
    st.lot = 0.5 + (st.lot - 0.5) * whole;
    vec2 away = flow_back(flow, st.middle - flow.place) * whole;
    float lot = st.lot.z, grain = 0.95 + 0.08 * st.hair + 0.04 * st.side, strand = hair_strand(h + 0.02 * away), tress = mix(0.2 * st.lot.x + 0.2 * st.hair + 0.6 * strand, 0.5, 0.7 * v_hair.x);
    // Disgust drags the wet paint aside, bristle by bristle, on the side that is turned away.
    float dragged = smoothstep(-0.5, 0.5, h.x + 0.3 * stir.y) * smoothstep(0.9, 0.0, h.y);
    vec2 bent = h + stir * 0.008;
    if (v_shares[DISGUST] > 0.001) bent -= v_shares[DISGUST] * dragged * vec2(0.20, -0.04) * (0.55 + 0.30 * swell3(vec3(2.0, h.y * 9.0, 0.0)) + 0.25 * (st.hair - 0.5));
    vec2 e = skull(bent);
    float egg = length(e);
    vec3 f = face_place(bent);
    vec2 hair = hair_place(bent + mix(0.025, 0.10, v_hair.x) * away, e, f) + (0.02 * (st.hair - 0.5) + 0.05 * (strand - 0.5)) * (1.0 - 0.8 * v_hair.x);
    // Neck and throat, in the chin's shadow.
    float low = bent.y - v_collar, nx = (bent.x - 0.05 * v_turn.x) / (0.31 + 0.16 * smoothstep(0.40, 0.0, low) + 0.34 * smoothstep(0.1, -0.25, low));
    float collar = low + 0.20 - 0.75 * bent.x * bent.x + 0.25 * bent.x + 0.03 * stir.x;
    float neck = smoothstep(1.0, 0.86, abs(nx)) * step(bent.y, -0.3) * smoothstep(-0.02, 0.03, collar);
    float throat = round_light(vec3(nx, 0.0, sqrt(max(1.0 - nx * nx, 0.0)))) * (1.0 - 0.75 * smoothstep(-1.45, -0.95, bent.y - 0.40 * bent.x));
    throat *= 1.0 - 0.30 * exp(-pow((bent.x + 0.16 + 0.25 * (bent.y + 1.2)) / 0.07, 2.0));
    vec3 flesh = flesh_pigment(throat * 0.75 + 0.05 * (lot - 0.5), lot) * grain;
    // Linen at the neck.
    float linen = smoothstep(0.12, 0.02, collar + 0.10 * (st.hair - 0.5) + 0.05 * stir.y) * smoothstep(1.0, 0.8, abs(nx));
    flesh = mix(flesh, muted(mix(u_palette[2], u_palette[3], 0.8), 0.4) * (0.05 + 0.95 * throat) * grain, 0.50 * linen);
    float cover = neck;
    // The jaw goes over into the throat, the more so where it is in shadow.
    float of_face = smoothstep(1.0, 0.95 - fine - smoothstep(-0.25, -0.80, h.y) * mix(0.05, 0.13, smoothstep(-0.2, 0.3, h.x * -sign(v_key.x))), egg);
    if (of_face > 0.0) {
        vec2 middle = bent + 0.14 * away;
        float light = face_light(middle * (0.94 / max(length(skull(middle)), 0.94))) + 0.04 * (st.lot.y - 0.5);
        vec3 paint = face_marks(flesh_pigment(light, lot), f, light, fine) * grain;
        if (v_avatar.w > 0.0) {
            vec4 own = painted_face(v_p, egg, light, lot);
            paint = mix(paint, own.rgb * grain, own.a * u_face);
        }
        flesh = mix(flesh, paint, of_face);
        cover = max(cover, of_face);
    }
    // Hair or hood: one dark mass, lit from the light's side, with a sheen over the crown.
    vec2 r = vec2(h.x, max(h.y, -0.4)) / vec2(1.0 + 0.3 * smoothstep(-0.4, -1.4, h.y), 1.2);
    float round_by = round_light(vec3(r, sqrt(max(1.0 - dot(r, r), 0.08))));
    // Folds of the hood follow its seam and fall from the temples.
    float turn = 5.0 * hair.x + 1.3 * abs(h.x) - 0.8 * smoothstep(0.4, -1.4, h.y) + 0.25 * stir.x, pleat = fract(turn);
    float fold = smoothstep(0.0, 0.6, pleat) * smoothstep(1.0, 0.7, pleat) * smoothstep(0.9, -0.3, h.y);
    float cloth = round_by * (0.60 + 0.45 * fold) + 0.05 * (tress - 0.5);
    // The seam is thick and light.
    cloth += 0.34 * round_by * smoothstep(0.0, 0.02, hair.x) * smoothstep(0.09, 0.04, hair.x) * step(egg, 1.0);
    float sheen = exp(-pow((length(h - vec2(0.0, 0.1)) - 0.80 - 0.10 * (tress - 0.5)) / 0.16, 2.0));
    vec3 strands = robe_pigment(round_by * (0.10 + 0.42 * tress * tress + 0.35 * sheen * tress), tress) * (0.75 + 0.3 * tress);
    strands = mix(strands, robe_pigment(0.80 * cloth, lot), v_hair.x) * grain;
    // A hood goes over into the robe, stroke by stroke. Edges on the dark side are lost.
    float soft = mix(0.03, 0.16, smoothstep(-0.1, 1.0, h.x * -sign(v_key.x)));
    vec2 of_hair = vec2(smoothstep(-0.05, 0.04, hair.x), smoothstep(-0.2 * soft, soft, hair.y)) * (1.0 - smoothstep(0.0, 0.75, -1.12 - h.y + 0.3 * (tress - 0.5)));
    // It throws a shadow on the face.
    flesh *= 1.0 - mix(0.40, 0.62, v_hair.x) * smoothstep(mix(-0.14, -0.22, v_hair.x), 0.0, hair.x) * (1.0 - of_hair.x);
    if (v_shares[SAD] > 0.001) {
        vec2 run = tears(h) * vec2(v_shares[SAD], 1.0);
        flesh = mix(flesh, u_palette[3] * (0.25 + 0.8 * round_by), run.x * 0.7 * (1.0 - 0.6 * smoothstep(-0.3, 0.6, run.y * -v_key.x)));
    }
    // Fear draws its cloak up over the mouth.
    float hem = mix(-1.75, -0.40, smoothstep(0.1, 0.8, v_shares[FEAR])) + 0.16 * h.x - 0.16 * h.x * h.x + 0.03 * stir.x, under_hem = hem - h.y;
    float wide = 0.74 + 0.55 * smoothstep(0.1, 1.5, under_hem), muffled = v_shares[FEAR] * smoothstep(-0.03, 0.03, under_hem) * smoothstep(1.05, 0.85, abs(h.x) / wide);
    vec3 paint_all = mix(strands, flesh, max(cover, 1.0 - of_hair.y) * (1.0 - of_hair.x));
    float bent_by = fract(2.1 * under_hem + 0.9 * h.x * (1.0 + under_hem) + 0.25 * stir.x), across = clamp(h.x / wide, -1.0, 1.0);
    float folds = smoothstep(0.0, 0.7, bent_by) * smoothstep(1.0, 0.75, bent_by);
    float wrap = round_light(vec3(across, 0.1, sqrt(1.0 - across * across))) * (0.42 + 0.40 * folds + 0.30 * smoothstep(0.12, 0.02, under_hem));
    paint_all = mix(paint_all, robe_pigment(wrap, lot) * grain, muffled);
    float shown = max(max(cover, of_hair.y), muffled * smoothstep(-1.9, -1.3, h.y));
    f_colour = vec4(paint_all, 1.0) * shown * smoothstep(0.0, 0.3, v_sitter.w * 1.3 - 0.3 * lot) * u_fade;
}
