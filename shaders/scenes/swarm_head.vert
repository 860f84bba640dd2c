#version 330 core
// The face of a figure of dust: a relief that wears the expression, turned as the visitor's, lost in the shadow of hair or hood at its edge.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/form/moods.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/colour/ramp.glsl"
#define HAZE_PLACE vec2(0.5, 0.6)
#include "lib/light/shade.glsl"
#include "lib/body/reframed.glsl"
#include "lib/dust/dust_frame.glsl"
#include "lib/dust/dust_head.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/dust/dust_light.glsl"
#include "lib/body/face_worn.glsl"
#include "lib/body/features.glsl"
#include "lib/dust/dust_face.glsl"

uniform float u_size, u_figure;

in vec2 in_uv;  // x across in [-1, 1], y from the crown down in [0, 1]

out vec2 v_cell;
out vec3 v_light;
out vec3 v_much;
out vec2 v_face;  // place in the face, and what it shows, as in lib/body/features.glsl
flat out vec4 v_brow, v_lids, v_mouth, v_more;

void main() {
    float mood[7] = moods();
    Reframed r = dust_frame(u_shape);
    Face face = face_worn(u_shape, mood);
    // Who weeps may smile; the picture does not.
    face.mouth.y *= 1.0 - 0.85 * (mood[SAD] + mood[ANGRY] + mood[DISGUST] + mood[FEAR]);
    // The dark of an open mouth is a small thing in dust.
    face.mouth.xy *= vec2(0.60, 0.80);
    face.rest.x *= 0.3;
    face.brow.z *= 1.0 - 0.6 * mood[NEUTRAL];
    face.mouth.xz = vec2(face.mouth.x * (1.0 - 0.7 * mood[DISGUST]), max(face.mouth.z * (1.0 - 0.8 * mood[NEUTRAL]), 0.5 * mood[FEAR]));
    Expression e = Expression(face.brow, face.eye, face.mouth, face.rest);
    float H = r.half_head, y = mix(0.98, -1.0, in_uv.y), here = smoothstep(0.2, 0.8, u_place[u_shape].w) * smoothstep(0.15, 0.6, max(u_joints[u_shape * JOINTS
        + HEAD].w, u_seen[u_shape].w));
    float jaw = smoothstep(-0.05, -1.0, y), wide = mix(0.70, 0.56, jaw * jaw) * sqrt(max(1.0 - y * y * (y < 0.0 ? abs(y) : 1.0), 0.0));
    vec2 q = vec2(in_uv.x * wide, y);
    float relief = dust_relief(q, e), step_by = 0.03;
    vec2 slope = (vec2(dust_relief(q + vec2(step_by, 0.0), e), dust_relief(q + vec2(0.0, step_by), e)) - relief) / step_by;
    float out_by = length(vec2(q.x / 0.78, q.y)), deep = sqrt(max(1.0 - out_by * out_by, 0.02));
    vec3 n = normalize(normalize(vec3(q.x / 0.60, mix(0.45, 0.9, smoothstep(-0.5, 0.2, q.y)) * q.y, deep / 0.75)) - vec3(1.1 * slope, 0.0));
    v_face = q;
    v_brow = e.brow;
    v_lids = e.lids;
    v_mouth = e.mouth;
    v_more = e.more;
    q.y -= 0.10 * face.mouth.x * smoothstep(-0.45, -0.75, y);
    mat3 way = dust_way(u_shape, mood);
    vec3 p = dust_head(r, mood) + way * vec3(q, 0.75 * deep + relief - 0.2) * H;
    n = way * n;
    // The hood's shadow falls on the forehead and the cheeks.
    float hair = smoothstep(0.30, 0.86, y + 0.50 * q.x * q.x), edge = smoothstep(0.55, 1.0, abs(in_uv.x)), lost = max(smoothstep(0.78, 1.0, abs(in_uv.x)), smoothstep(0.70, 0.95, y));
    float dark = max(0.95 * hair, 0.75 * edge * edge), fill = (0.05 + 0.11 * max(n.z, 0.0) + 0.05 * n.y + (0.10 + 0.16 * mood[SAD]) * max(-n.y, 0.0) + 0.06 * mood[SAD]) * (1.0 - dark);
    v_light = dust_light(u_shape, n, dark, fill, 0.0, p.xy * 0.42 + 0.5) * (1.0 - 0.17 * mood[SURPRISE] - 0.25 * mood[HAPPY] + 0.45 * mood[ANGRY] + 0.35 * mood[FEAR]);
    v_cell = dust_cells(q * H, 0.75 * u_size) + 200.0;
    float small = 1.0 - smoothstep(0.10, 0.34, H);
    v_much = vec3(0.96 * (1.0 - lost), mix(1.0, 0.25, lost), mix(0.72, 0.80, small)) * vec3(vec2(here * min(1.0, 1.7 * u_figure)), 1.0);
    gl_Position = here < 0.01 ? vec4(2.0, 2.0, 2.0, 1.0) : to_clip(p);
}
