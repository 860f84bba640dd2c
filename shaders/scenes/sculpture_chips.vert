#version 330 core
// What breaks off a statue: slabs that thrust out of it in rage, clots that hang and fall in disgust, crusts that fly from the ring of surprise.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/figure.glsl"
uniform float u_grains, u_reach;

in vec2 in_uv;

out vec3 v_position;
out vec3 v_normal;
out vec3 v_chip;       // across, along, light within; of a clot how far it has come off
flat out vec4 v_kind;  // how many times as long as wide, how wet, how far it has facets, which random

void main() {
    BodyMoods m = body_moods(u_shape);
    // While two moods are even nothing is there: one kind goes before another comes.
    float most = max(max(m.angry, m.disgust), m.surprise);
    float share = smoothstep(0.05, 0.50, 2.0 * most - (m.sad + m.angry + m.disgust + m.happy + m.surprise + m.fear));
    if (share <= 0.0) {
        gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
        return;
    }
    Figure f = figure(u_shape);
    float s = f.size, n = float(gl_InstanceID), seed = floor(u_self[u_shape].x * 1024.0);
    vec4 lot = lots(gl_InstanceID + int(seed) * 131);
    float odd = mod(n, 2.0), side = odd * 2.0 - 1.0, reach = 0.4 + 0.6 * u_reach;
    int i = int(1.0 - odd);
    vec3 x = f.body[0], z = f.body[2], sky = vec3(0.0, 1.0, 0.0), at = f.chest, way = -sky;
    float tall = 0.0, wide = 0.0, root = 1.0, tip = 1.0, turned_by = 0.0, fallen = 0.0;
    float clock = u_phase * 0.16 + lot.z, life = fract(clock), again = floor(clock);
    if (most == m.angry) {
        // Through shoulders, back and arms.
        float thrust = 0.72 + 0.28 * beat(8.0 * lot.z) + 0.35 * u_welcome, part = fract(lot.x * 3.7);
        vec3 shoulder = mix(f.neck, f.shoulder[i], 0.2 + 0.85 * lot.y) - 0.08 * s * z, arm = mix(f.elbow[i], f.wrist[i], lot.y * 0.8);
        at = part < 0.66 ? shoulder : (part < 0.82 ? arm : mix(f.shoulder[i], f.elbow[i], lot.y));
        way = normalize(side * x * (0.20 + 1.25 * lot.y) + sky * (1.25 - 1.05 * lot.y * lot.w - (part < 0.66 ? 0.0 : 0.6)) + z * (0.7 * lot.w - 0.55));
        tall = s * reach * thrust * mix(0.16, 0.85, lot.w * lot.w * lot.w) * (part < 0.66 ? mix(1.0, 0.6, f.near) : 0.42);
        wide = s * mix(0.040, 0.135, lot.z * lot.z) * (0.6 + 0.8 * lot.w) * (part < 0.66 ? 1.0 : 0.6);
        root = 0.25; tip = 0.75;
        turned_by = 3.0 * (lot.z - 0.5);
    } else if (most == m.disgust) {
        // Drops hang from hood, arms and hem on threads that grow thin, and fall.
        vec3 arm = mix(mix(f.shoulder[i], f.elbow[i], 0.3), f.wrist[i], lot.x);
        vec3 low = f.pelvis + s * (0.36 * sin(6.28 * lot.x) * x + (0.34 * cos(6.28 * lot.x)) * z) + sky * s * (0.45 - 1.5 * lot.y);
        vec3 high = mix(f.neck, f.shoulder[i], 0.3 + 0.7 * lot.x) + s * (0.16 * z + 0.02 * sky - 0.30 * lot.y * lot.y * sky);
        at = lot.w < 0.45 ? arm - sky * 0.03 * s : (lot.w < 0.70 ? high : low);
        float pull = smoothstep(0.0, 0.8, life), much = lot.y * lot.y;
        fallen = max(life - 0.8, 0.0) * 5.0;
        tall = s * (0.08 + (0.14 + 0.62 * much) * pull) * (1.0 - f.near);
        at.y -= fallen * fallen * max(at.y - f.ground - tall, 0.0);
        // A bust is hung with mud enough.
        wide = s * (0.016 + 0.026 * fract(lot.w * 7.3) * fract(lot.w * 7.3)) * (0.5 + 0.5 * smoothstep(0.0, 0.2, life)) * smoothstep(1.0, 0.97, life) * (1.0 - f.near);
    } else {
        // Thrown out as a ring.
        float a = 6.2831853 * fract(lot.x + 0.381966 * again), far = (0.35 + 1.05 * sqrt(life) * (0.7 + 0.5 * lot.w)) * reach;
        vec3 out_by = sin(a) * vec3(1.0, 0.0, 0.0) + cos(a) * normalize(vec3(0.10, -0.30, 1.0));
        at = f.chest + s * (0.12 * sky + far * out_by + 0.16 * (lot.y - 0.3) * sky);
        way = normalize(out_by + 0.8 * sin(5.0 * life + 9.0 * lot.y) * sky);
        float grown = smoothstep(0.0, 0.12, life) * smoothstep(1.0, 0.7, life) * step(lot.z, 0.6);
        tall = s * mix(0.03, 0.12, lot.w * lot.w) * grown;
        wide = s * mix(0.010, 0.034, lot.y) * grown * (0.4 + 0.6 * abs(cos(4.0 * life + 11.0 * lot.x)));
        root = 0.6; tip = 0.7;
    }
    share *= f.grown * step(n, u_grains);
    tall *= share;
    wide *= share;
    wide = max(wide, step(1e-4, tall) * 2.0 / min(u_resolution.x, u_resolution.y));
    // Rows lie closer towards the round end.
    float y = in_uv.y * (2.0 - in_uv.y), profile = pow(y + 1e-3, root) * pow(max(1.0 - y, 0.0) + 1e-3, tip);
    float peak = root / (root + tip);
    profile /= pow(peak, root) * pow(1.0 - peak, tip);
    vec3 view = normalize(vec3(0.0, 0.0, EYE) - at), across = normalize(cross(way, view) + vec3(1e-5, 0.0, 0.0)), out_by = cross(across, way);
    float c = cos(turned_by), d = sin(turned_by);
    vec3 p = at + way * tall * y + across * wide * profile * in_uv.x + out_by * wide * 0.5 * profile * (1.0 - abs(in_uv.x)) * (1.0 + d);
    bool hangs = most == m.disgust;
    if (hangs) p = at + way * tall * y + across * wide * in_uv.x;
    p.y = max(p.y, f.ground);
    v_position = p;
    v_normal = hangs ? across : normalize(across * (in_uv.x * 0.9 + 0.4 * d) + out_by * 0.7);
    v_chip = vec3(in_uv.x, y, hangs ? fallen : m.angry);
    v_kind = vec4(tall / max(wide, 1e-5), hangs ? m.disgust : 0.0, m.angry + m.surprise, lot.x);
    gl_Position = to_clip(p);
}
