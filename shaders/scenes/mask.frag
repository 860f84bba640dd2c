#version 330 core
// A mask of wood and bronze: its relief again for each pixel, the marks cut into it, gilding, and light that stands inside.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/mask/rig.glsl"
#include "lib/mask/openings.glsl"
#include "lib/mask/outline.glsl"
#include "lib/mask/relief.glsl"
#include "lib/mask/marks.glsl"
#include "lib/mask/stuff.glsl"
#include "lib/mask/painted.glsl"
#include "lib/mask/raked.glsl"

in vec3 v_position;
in vec3 v_at;
flat in vec4 v_face[5];
flat in vec4 v_mood[2];
flat in mat3 v_pose;

out vec4 f_colour;

const float STEP = 0.008;

float carved_height(vec2 q) {
    vec2 m;
    vec3 eye = mask_eye(q);
    float mouth = mask_mouth(q, m);
    return mask_relief(q, eye, mouth, m) - mask_marks(q, eye, mouth).x;
}

// What of the lamp's light passes over the relief between here and a place a little nearer to it; soft, as a lamp is not a point.
float passes(vec2 q, vec2 way, float rises, float here, float soft) {
    vec2 at = q + way, m;
    vec3 eye = mask_eye(at);
    float mouth = mask_mouth(at, m);
    return smoothstep(soft, -0.4 * soft, mask_relief(at, eye, mouth, m) + mask_dome(at) - here - rises);
}

void main() {
    for (int n = 0; n < 5; n++) face[n] = v_face[n];
    mood[0] = v_mood[0];
    mood[1] = v_mood[1];
    vec2 q = v_at.xy, m;
    float carved = smoothstep(0.0, 0.6, mood[1].w), own = mood[1].w;
    vec3 accent = u_own_palette[u_shape * 4 + 3], middle = u_own_palette[u_shape * 4 + 2], deep = u_own_palette[u_shape * 4 + 1];
    vec3 eye_at = normalize(vec3(0.0, 0.0, 3.4) - v_position), v = eye_at * v_pose;

    vec3 eye = mask_eye(q);
    float mouth = mask_mouth(q, m), relief = mask_relief(q, eye, mouth, m), shell = mask_dome(q);
    vec3 marks = mask_marks(q, eye, mouth);
    float height = relief - marks.x;
    vec2 slope = (vec2(carved_height(q + vec2(STEP, 0.0)), carved_height(q + vec2(0.0, STEP))) - height) / STEP;
    // The dome's own slope is known; near the rim it grows without end.
    vec2 half_ = mask_half(q.y);
    float dome = mix(0.78, 0.50, carved), far = sqrt(max(1.0 - mask_round(q), 0.004));
    vec3 n = normalize(vec3(dome * q / (half_ * half_) / far - slope, 1.0));
    n = normalize(mix(n, vec3(normalize(q / (half_ * half_) + 1e-4), -0.3), smoothstep(0.0, 0.3, v_at.z)));
    n = 0.9999 * (v_pose * n);  // never longer than 1: a power of less than nothing is no number

    float hole = max(eye.x, mouth), fine = max(fwidth(q.x), fwidth(q.y));
    float inside = smoothstep(-0.7 * fine, 0.7 * fine, hole) * (1.0 - v_at.z);

    // The light of the room on the shell.
    vec2 cloth = q * 0.33 + 0.5 + 0.37 * u_self[u_shape].x;
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, cloth);
    float drawn_out = dot(worn(u_texture_before, u_texture, u_texture_share, vec2(3.7 * q.x + 0.5 * relief, 0.21 * q.y)), vec3(0.3333));
    float crest = smoothstep(0.02, 0.22, relief);
    Stuff stuff = mask_stuff(vec3(q, relief + shell), height, crest, smoothstep(0.70, 0.98, mask_round(q)), marks.y, q.y > 0.1 ? mask_strands(q) * (1.0 - v_at.z) : 0.0, vec2(dot(picture, vec3(0.3333)), drawn_out));
    stuff.colour = mask_painted(stuff.colour, q, eye, mouth, m);
    // Leaf of gold round the openings, along the hair and in what is inlaid, where hands have not worn it off.
    float line = smoothstep(0.014, 0.004, abs(hole + 0.022)) * step(abs(eye.y), 0.3);
    line *= mouth > eye.x ? 0.6 - 0.6 * (mood[0].w + mood[1].z) : smoothstep(0.02, 0.2, max(face[1].x, face[1].y));
    line = max(0.9 * line, 0.8 * mask_band((mask_hair(q) + 0.004) / 0.010) * (mood[0].w + 0.5 * mood[0].x));
    float gilt = smoothstep(0.3, 0.7, own) * (1.0 - v_at.z) * max(marks.z, line * smoothstep(0.22, 0.50, drawn_out));
    stuff.colour = mix(stuff.colour, mix(accent, vec3(1.0, 0.62, 0.22), 0.65), gilt);
    stuff.metal = mix(stuff.metal, 0.9, gilt);
    stuff.rough = mix(stuff.rough, 0.30, gilt);
    stuff.colour = mix(stuff.colour, picture, own_colours());
    Stuff plain_stuff = Stuff(mix(middle, accent, 0.55), 0.4, 0.0);
    stuff = Stuff(mix(plain_stuff.colour, stuff.colour, carved), mix(plain_stuff.rough, stuff.rough, carved), stuff.metal * carved);
    // What is deep sees less of the room, and stands in the shadow of what is before the lamp.
    float sunk = smoothstep(-0.14, 0.06, height - 0.02 + 0.06 * hole);
    float open = mix(1.0, mix(0.22, 1.0, sunk), carved) * (1.0 - 0.55 * smoothstep(0.05, -0.01, -hole) * (1.0 - inside)) * mix(1.0, mix(0.45, 1.0, smoothstep(0.0, 0.35, far)), carved);
    vec3 lamp = RAKE * v_pose;
    float lit = passes(q, lamp.xy * 0.19, lamp.z * 0.19, relief + shell, 0.07);
    lit = mix(1.0, lit, carved) * mix(1.0, 0.40 + 0.75 * exp(-0.8 * dot(q - lamp.xy * 0.6, q - lamp.xy * 0.6)), carved);
    // Gold stands before a golden light: it gives the room back less.
    vec3 light = raked(n, eye_at, stuff, open * (1.0 - 0.45 * mood[0].w * carved), lit);
    light *= mix(1.0, 0.55, smoothstep(0.0, 0.5, v_at.z)) * (1.0 - 0.10 * mood[0].w);
    // The second light stands behind, at the side the lamp leaves dark.
    float rim = pow(1.0 - max(dot(n, eye_at), 0.0), 3.0) * max(dot(n, normalize(vec3(-1.6 * RAKE.x, 0.10, -0.45))) + 0.2, 0.0);
    light += u_counter * rim * (0.55 + 0.4 * u_glow) * mix(0.5, 1.0, own) * (1.0 - 0.8 * smoothstep(0.0, 0.6, v_at.z));
    // Fear's dark side is not lost: the room gives it a little.
    light += stuff.colour * u_own_palette[u_shape * 4 + 2] * 0.22 * mood[0].z * (0.35 + 0.65 * max(0.5 - 0.5 * dot(n, RAKE), 0.0)) * open;

    // Through eyes and mouth: the thickness of the shell, then a light inside.
    vec2 shift = v.xy / max(v.z, 0.35) * 0.055;
    vec3 eye_in = mask_eye(q - shift);
    vec2 m_in;
    float mouth_in = mask_mouth(q - shift, m_in), deeper = eye.x > mouth ? eye_in.x : mouth_in;
    vec2 pupil = eye_in.yz - vec2(0.065 * face[4].x * (q.x < 0.0 ? -1.0 : 1.0), 0.05 * face[4].y - 0.015);
    float in_eye = step(mouth, eye.x), far_out = length(pupil), iris = 0.75 * exp(-far_out * far_out / 0.0028);
    float within = (0.08 + 0.50 * u_glow + 1.6 * u_welcome + 0.06 * sin(u_feels[u_shape].z * 1.1)) * (1.0 - 0.6 * face[4].w * (1.0 - u_welcome)) * (1.0 - 0.4 * mood[1].z * (1.0 - u_welcome));
    float throat = 0.55 * exp(-2.0 * abs(m_in.x)) * smoothstep(0.0, 0.10, deeper);
    vec3 glow = mix(mix(u_counter, accent, 0.85 * mood[0].x), vec3(0.30, 0.055, 0.030), 0.8 * mood[0].w * (1.0 - in_eye)) * within * mix(0.5 * throat, 0.02 + iris + 0.25 * exp(-far_out * far_out / 0.010), in_eye);
    glow += accent * in_eye * 0.30 * exp(-dot(pupil - vec2(-0.02, 0.025), pupil - vec2(-0.02, 0.025)) / 0.00012) * (1.0 - face[4].w);
    // Teeth stand in a mouth that is bared.
    float bared = mood[0].x * (1.0 - in_eye);
    float tooth = abs(fract(m.x * 4.0 + 0.5) - 0.5) * 2.0, rows = min(mouth, 0.2), set = 0.060 * sqrt(max(1.0 - pow(tooth, 4.0), 0.0));
    float teeth = bared * smoothstep(set + 0.008, set - 0.004, rows) * smoothstep(0.0, 0.010, rows) * smoothstep(0.98, 0.86, tooth);
    glow = mix(glow, light * 0.12 + mix(accent, vec3(0.8, 0.6, 0.35), 0.5) * (0.05 + 0.30 * lit * (1.0 - 5.0 * rows)), teeth * 0.9);
    // Laughing shows the upper ones, even and of ivory.
    float shown = mood[0].w * (1.0 - in_eye) * smoothstep(-0.082, -0.070, m.y + 0.02 * m.x * m.x) * smoothstep(0.0, 0.012, mouth);
    glow = mix(glow, vec3(0.78, 0.66, 0.46) * (0.16 + 0.55 * lit * smoothstep(0.0, 0.05, mouth)) * (1.0 - 0.35 * smoothstep(0.86, 0.98, tooth)), 0.95 * shown);
    // Disgust puts out a tongue.
    vec2 tip = vec2(m.x * 1.25, (m.y + 0.040) / 0.050);
    float tongue = mood[0].y * (1.0 - in_eye) * smoothstep(1.1, 0.75, length(tip));
    glow = mix(glow, mix(u_counter, vec3(0.35, 0.08, 0.08), 0.5) * (0.10 + 0.45 * lit * max(1.0 - 0.5 * length(tip - vec2(-0.2, 0.3)), 0.0)), tongue);
    vec3 wall = light * 0.16 + u_counter * 0.05 * within;
    vec3 hollow = mix(wall, glow, smoothstep(-0.012, 0.012, deeper));
    // Plain: dark eyes with a spark, a dark mouth with a tongue.
    vec3 dark = deep * 0.10 + vec3(0.004);
    float along = clamp((abs(q.x) - 0.12) / 0.34, 0.0, 1.0), right = mask_right(q.x);
    float brow_at = 0.42 + 0.13 * mix(mix(face[0].x, face[0].y, right), mix(face[0].z, face[0].w, right), along) + 0.05 * sin(3.14159265 * along);
    float brow = smoothstep(0.034, 0.024, length(vec2(max(abs(abs(q.x) - 0.29) - 0.15, 0.0), q.y - brow_at))) * (1.0 - smoothstep(0.15, 0.5, own)) * (1.0 - v_at.z);
    light = mix(light, dark, brow * (1.0 - 0.8 * mood[1].z));
    float spark = smoothstep(0.034, 0.024, length(eye.yz - vec2(-0.035 * sign(q.x), 0.055)));
    vec3 plain = mix(dark, vec3(0.9), spark * in_eye * step(0.5, max(face[1].x, face[1].y)));
    plain = mix(plain, vec3(0.75, 0.10, 0.10), (1.0 - in_eye) * smoothstep(0.10, 0.16, -m.y - 0.05) * smoothstep(0.02, 0.04, mouth));
    light = mix(light, mix(plain, hollow, smoothstep(0.15, 0.55, own)), inside);

    // Asleep: half in shadow, and a breath of light under the lids.
    float breath = 0.5 + 0.5 * sin(u_time * 0.55);
    light *= mix(1.0, mix(1.7, 0.45, smoothstep(-0.30, 0.40, q.x)), face[4].w);
    light += (u_palette[3] * 0.25 + u_counter * 0.2) * face[4].w * breath * mask_band(eye.x / 0.010) * step(abs(eye.y), 0.2);
    light += u_welcome * u_welcome * ((accent * 0.5 + u_counter * 0.8) * smoothstep(-0.14, 0.0, hole) * (1.0 - inside) + u_counter * 0.4 * rim);
    light = haze(light, smoothstep(0.5, -0.9, v_position.z) * 0.5);
    f_colour = vec4(light * u_fade, u_fade);
}
