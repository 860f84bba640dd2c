#version 330 core
// The portrait's head: a carved face in planes of paint, or the visitor's painted one, and hair in strokes round it.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/portrait/upper_stroke.glsl"
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

void main() {
    vec2 h = v_h;
    float unit = 0.5 * min(u_resolution.x, u_resolution.y) * v_sitter.z;
    vec3 still = vec3(h * 2.2, 0.2 * u_phase + v_sitter.x);
    vec2 stir = 0.6 * parabolic(still + 0.7 * parabolic(still.yzx * 0.61 + vec3(0.3, 1.7, 2.9))).xy;
    vec2 bent = h + stir * (0.010 + 0.05 * v_shares[DISGUST]);
    // Disgust wipes the lower face aside.
    vec2 wiped = (h - vec2(0.1, -0.5)) / vec2(0.55, 0.32);
    bent += v_shares[DISGUST] * exp(-dot(wiped, wiped)) * vec2(-0.20, 0.10 + 0.10 * h.x);
    // Strokes go round the skull from a whorl over the forehead.
    Flow flow = Flow(vec2(0.0), vec2(0.0));
    add_round(flow, h - vec2(0.06 * v_parting, 0.80), vec2(0.9, 0.12 * v_parting));
    add_flow(flow, h, vec2(0.05, 0.75 - 0.7 * v_hair.z - 0.3 * v_hair.w));
    float scale = length(flow.turn);
    float egg = length(skull(bent));
    vec3 f = face_place(bent);
    stroke_hairs = smoothstep(4.0, 14.0, 0.08 / scale * unit);
    Stroke st = upper_stroke(flow.place, 0.10, 0.58, vec4(1.0, 0.0, 0.94, 0.34), 0.25, 7);
    vec2 away = flow_back(flow, st.middle - flow.place), middle = h + 0.45 * away;
    float light = face_light(middle * (0.92 / max(length(skull(middle)), 0.92))) + 0.07 * (st.lot.y - 0.5);
    float lot = st.lot.z, grain = 0.94 + 0.08 * st.hair + 0.05 * st.side, tress = 0.6 * st.lot.x + 0.4 * st.hair;
    vec2 hair = hair_place(bent + 0.16 * away, skull(bent), f) + (0.06 * (st.hair - 0.5) + 0.07 * (st.lot.w - 0.5)) * (1.0 - 0.6 * v_hair.x);
    // Neck and throat, in the chin's shadow.
    float low = bent.y - v_collar, nx = bent.x / (0.30 + 0.16 * smoothstep(0.45, 0.0, low) + 0.30 * smoothstep(0.1, -0.25, low));
    float collar = low + 0.22 - 0.9 * bent.x * bent.x + 0.03 * stir.x;
    float neck = smoothstep(1.0, 0.93, abs(nx)) * step(bent.y, -0.3) * smoothstep(0.0, 0.05, collar);
    float throat = smoothstep(-0.35, 1.0, dot(vec3(nx, 0.0, sqrt(max(1.0 - nx * nx, 0.0))), v_key.xyz)) * (1.0 - 0.6 * smoothstep(-1.35, -0.95, bent.y + 0.35 * bent.x));
    vec3 flesh = flesh_pigment(throat * 0.85 + 0.08 * (lot - 0.5), lot) * grain;
    float cover = neck;
    vec3 paint = face_marks(flesh_pigment(light, lot) * grain, f, light);
    if (v_avatar.w > 0.0) {
        vec4 own = painted_face(v_p, egg, light, lot);
        paint = mix(paint, own.rgb * grain, own.a * u_face);
    }
    float of_face = smoothstep(1.0, 0.96, egg);
    flesh = mix(flesh, paint, of_face);
    cover = max(cover, of_face);
    // Hair or hood: lit from the light's side, with a sheen over the crown.
    vec2 r = h / vec2(0.9, 1.1);
    float round_light = smoothstep(-0.5, 1.1, dot(vec3(r, sqrt(max(1.0 - dot(r, r), 0.1))), v_key.xyz));
    float fold = 0.5 + 0.5 * sin(11.0 * atan(h.x - 0.06 * v_parting, 1.1 - h.y) + 2.0 * stir.x + 0.6 * h.y);
    fold = mix(0.5, fold, smoothstep(0.12, 0.55, length(h - vec2(0.06 * v_parting, 1.1))));
    tress = mix(tress, 0.70 * fold + 0.30 * tress, 0.85 * v_hair.x);
    float t = round_light * (0.35 + 0.65 * tress) + 0.25 * (tress - 0.5);
    // The hood's seam is thick and light.
    t += 0.35 * v_hair.x * smoothstep(0.11, 0.02, hair.x) * step(length(skull(bent)), 1.0);
    vec3 strands = mix(pigment(t * 0.62 - 0.05, tress) * 0.75, robe_pigment(0.15 + 0.75 * t, lot), v_hair.x) * grain;
    // A hood goes over into the robe, stroke by stroke.
    vec2 of_hair = smoothstep(-0.01, 0.02, hair) * (1.0 - v_hair.x * smoothstep(0.0, 0.12, -1.25 - 0.6 * tress * fold - h.y + 0.25 * lot));
    // It throws a shadow on the face.
    flesh *= 1.0 - 0.45 * smoothstep(-0.16, 0.0, hair.x) * (1.0 - of_hair.x);
    vec2 run = tears(h) * vec2(max(v_shares[SAD], v_shares[DISGUST]), 1.0);
    vec3 wet = mix(mix(u_palette[3] * 1.1, u_counter * 0.9, v_shares[DISGUST]), u_palette[1] * 0.5, smoothstep(-0.2, 0.5, run.y * -v_key.x));
    flesh = mix(flesh, wet, run.x * 0.75);
    vec3 paint_all = mix(strands, flesh, max(max(cover, 1.0 - of_hair.y), run.x) * (1.0 - of_hair.x * (1.0 - run.x)));
    f_colour = vec4(paint_all, 1.0) * max(max(cover, of_hair.y), run.x) * smoothstep(0.0, 0.3, v_sitter.w * 1.3 - 0.3 * lot) * u_fade;
}
