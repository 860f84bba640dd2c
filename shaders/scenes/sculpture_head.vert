#version 330 core
// The head of a statue: a ball drawn in on skull, jaw and neck. The face is carved in the fragment shader, and roughly here.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/garment.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/cast.glsl"
#include "lib/body/laid.glsl"
#include "lib/body/features.glsl"
#include "lib/body/expression.glsl"

in vec2 in_uv;  // x round the head in [-1, 1], y from its crown down in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_place;  // on the face: x, y in half heights, z how far it looks to the front
out vec2 v_open;
flat out mat3 v_face;
flat out vec4 v_own;
flat out vec4 v_brow, v_lids, v_mouth, v_more;

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    Expression e = expression(u_shape, m);
    float s = f.size, u = in_uv.x, turn = 3.14159265 * u * (0.50 + 0.50 * u * u), fall = mix(1.52, -1.45, in_uv.y);
    vec3 way = f.face * vec3(sin(turn) * cos(fall), sin(fall), cos(turn) * cos(fall));
    vec3 p = f.head + 0.26 * s * way;
    vec4 d;
    for (int n = 0; n < 3; n++) {
        d = head_at(p, f, e.mouth.x);
        p -= d.xyz * d.w;
    }
    d = head_at(p, f, e.mouth.x);
    vec3 n = normalize(d.xyz);
    float tall = 0.22 * s;
    vec3 from = (p - f.head) * f.face / tall;
    vec2 q = from.xy + vec2(0.0, -0.02);
    float front = smoothstep(0.05, 0.45, dot(n, f.face[2]));
    p += (0.6 * n + 0.4 * f.face[2]) * tall * features(q, e) * front;
    if (g.clotted > 0.01) p += n * s * 0.02 * g.clotted * swell3(p / s * 8.0);
    v_position = p;
    v_normal = n;
    v_place = vec3(q, front);
    v_face = f.face;
    v_own = vec4(s, tall, f.near, 0.25);
    v_brow = e.brow; v_lids = e.lids; v_mouth = e.mouth; v_more = e.more;
    vec4 trunk = trunk_at(p + 0.06 * s * n, f, 0.2);
    vec4 hands = melted(arm_at(p + n * 0.03 * s + to_key() * 0.10 * s, f, 0, 1.0), arm_at(p + n * 0.03 * s + to_key() * 0.10 * s, f, 1, 1.0), 0.02 * s);
    float above = head_at(p + n * 0.02 * s + to_key() * 0.10 * s, f, e.mouth.x).w / (0.06 * s);
    v_open = vec2(clamp(0.30 + 0.7 * trunk.w / (0.12 * s), 0.15, 1.0), smoothstep(-0.3, 1.0, min(above, hands.w / (0.05 * s))));
    gl_Position = to_clip(p);
}
