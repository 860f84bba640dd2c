#version 330 core
// The hands of a statue: for each a palm, four fingers and a thumb, six instances; a hand whose arm is under the shroud is not drawn.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/garment.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/under_cloth.glsl"

in vec2 in_uv;  // x round the finger in [-1, 1], y from its root to its tip in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_across;    // the way across the folds
out vec4 v_cloth;     // across and along the folds in shares of the size; how deep they are there; how much nearer to the accent
out vec2 v_open;      // open to the room, open to the key light
flat out vec4 v_style;
flat out vec4 v_own;  // size, how wet, near, how much light comes through

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    float out_of = 1.0 - under_cloth(f);
    if (out_of < 0.02) {
        gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
        return;
    }
    int i = gl_InstanceID / 6, part = gl_InstanceID - 6 * i;
    float s = f.size, side = i == 0 ? 1.0 : -1.0, turn = 3.14159265 * in_uv.x, v = in_uv.y;
    vec3 way = normalize(f.palm[i] - f.wrist[i]);
    // Where the palm looks: to the room; in fear to the face, upwards in joy.
    vec3 looks = normalize(vec3(-0.25 * side, 0.15 + 0.5 * m.happy, 1.0 - 1.9 * m.fear) + 0.4 * m.fear * -side * f.body[0]);
    looks = normalize(looks - way * dot(looks, way));
    vec3 thumb = -side * cross(way, looks);
    float clench = 0.20 + 0.95 * m.angry + 0.45 * m.disgust + 0.35 * m.sad + 0.05 * m.fear - 0.12 * m.surprise - 0.08 * m.happy;
    float fan = 0.10 + 0.16 * m.surprise + 0.08 * m.happy + 0.08 * m.fear;
    vec3 root, goes = way, bend = looks;
    float far, thick, flat_by = 1.0, j = float(part);
    if (part < 4) {
        float aside = 1.5 - j;
        root = f.wrist[i] + s * (0.145 * way - 0.012 * aside * aside * way + 0.036 * aside * thumb);
        goes = normalize(way + fan * aside * thumb);
        far = s * (0.165 - 0.014 * (aside - 0.4) * (aside - 0.4));
        thick = s * 0.0215;
    } else if (part == 4) {
        root = f.wrist[i] + s * (0.05 * way + 0.035 * thumb);
        goes = normalize(0.75 * way + (0.75 + fan) * thumb + 0.30 * looks);
        bend = normalize(looks + 0.6 * way - 0.5 * thumb);
        far = s * 0.145;
        thick = s * 0.026;
        clench *= 0.4;
    } else {
        root = f.wrist[i] - s * 0.06 * way;
        far = s * 0.235;
        thick = s * 0.036;
        clench *= 0.15;
    }
    // Bent as a finger is: little at the root, then more.
    float angle = clench * (0.4 + 0.9 * v) * v * 1.6;
    vec3 p = root + far * v * (cos(angle) * goes + sin(angle) * bend);
    vec3 along = normalize(cos(1.6 * angle) * goes + sin(1.6 * angle) * bend), to_side = normalize(cross(along, bend)), to_back = cross(to_side, along);
    float round_off = sqrt(max(1.0 - pow(v, part == 5 ? 5.0 : 7.0), 0.0)), r = thick * round_off * (1.0 - 0.38 * v + 0.10 * sin(9.4 * v));
    float wide = part == 5 ? mix(1.15, 2.25, smoothstep(0.05, 0.75, v)) : 1.0;
    vec3 n = normalize(cos(turn) * to_back * wide + sin(turn) * to_side + along * smoothstep(0.75, 1.0, v) * 1.5);
    if (part == 5) r = thick * round_off;
    p += r * (cos(turn) * to_back + sin(turn) * wide * to_side) * out_of;
    v_position = p;
    v_normal = n;
    v_across = to_side;
    v_cloth = vec4(0.1 * in_uv.x + 0.3, 0.1 * v, 0.0, 0.06);
    v_open = vec2(1.0, 1.0) * mix(0.55, 1.0, smoothstep(-0.1, 0.35, part == 5 ? v : 1.0));
    v_style = vec4(0.0, 0.0, 0.0, 1.0);
    v_own = vec4(s, g.wet, f.near, 0.35);
    gl_Position = to_clip(p);
}
