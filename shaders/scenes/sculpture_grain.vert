#version 330 core
// What parts from a statue: drops that fall, blades that thrust through the cloth, clots that hang, petals that rise, rays that burst.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/figure.glsl"
uniform float u_grains;
uniform float u_reach;

in vec2 in_uv;

out vec3 v_position;
out vec3 v_normal;
out vec3 v_grain;  // across, along, light of its own
flat out vec2 v_kind;  // how much light goes through, which random

void main() {
    BodyMoods m = body_moods(u_shape);
    // While two moods are even nothing is there: one kind goes before another comes.
    float most = max(max(m.sad, m.angry), max(max(m.disgust, m.happy), m.surprise));
    float share = smoothstep(0.05, 0.50, 2.0 * most - (m.sad + m.angry + m.disgust + m.happy + m.surprise));
    if (share <= 0.0) {
        gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
        return;
    }
    Figure f = figure(u_shape);
    float s = f.size, n = float(gl_InstanceID), seed = floor(u_self[u_shape].x * 1024.0);
    vec4 lot = lots(gl_InstanceID + int(seed) * 131);
    float odd = mod(n, 2.0), side = odd * 2.0 - 1.0, reach = 0.4 + 0.6 * u_reach;
    int i = int(1.0 - odd);
    vec3 x = f.body[0], z = f.body[2], sky = vec3(0.0, 1.0, 0.0);
    vec3 at = f.chest, way = -sky;
    float tall = 0.0, wide = 0.0, root = 1.0, tip = 1.0;
    float clock = u_phase * 0.16 + lot.z, life = fract(clock), again = floor(clock);
    if (most == m.sad) {
        // They run down from brow, hands and hem.
        float a = 4.4 * (fract(lot.x + 0.618 * again) - 0.5), from = mix(f.head.y, f.pelvis.y, lot.y * lot.y);
        float r = s * (0.44 + 0.26 * lot.w) * mix(0.60, 1.0, sqrt(life));
        life = life * life;
        at = vec3(f.neck.x + r * sin(a), mix(from, f.ground, life), f.neck.z + 0.75 * r * cos(a) + 0.1 * s);
        tall = s * (0.16 + 0.62 * lot.w * smoothstep(0.0, 0.3, life));
        wide = s * (0.010 + 0.014 * lot.x);
        at.y += tall;
        root = 2.6; tip = 0.40;
        tall *= smoothstep(0.0, 0.1, life) * smoothstep(1.0, 0.92, life);
        wide *= smoothstep(0.0, 0.1, life);
    } else if (most == m.angry) {
        // Through shoulders, back and arms.
        float thrust = 0.72 + 0.28 * beat(8.0 * lot.z) + 0.35 * u_welcome, part = fract(lot.x * 3.7);
        vec3 shoulder = mix(f.neck, f.shoulder[i], 0.35 + 0.75 * lot.y) - 0.05 * s * z;
        vec3 arm = mix(f.elbow[i], f.wrist[i], lot.y * 0.9);
        at = part < 0.62 ? shoulder : (part < 0.85 ? arm : mix(f.shoulder[i], f.elbow[i], lot.y));
        way = normalize(side * x * (0.25 + 1.2 * lot.y) + sky * (1.15 - 1.0 * lot.y * lot.w - (part < 0.62 ? 0.0 : 0.5)) + z * (0.9 * lot.w - 0.55));
        tall = s * reach * thrust * mix(0.25, 1.15, lot.w * lot.w) * (part < 0.62 ? 1.0 : 0.6);
        wide = s * (0.028 + 0.034 * lot.z);
        root = 0.06; tip = 1.05;
    } else if (most == m.disgust) {
        // Clots hang from arms and hem on necks that grow thin, and fall.
        vec3 arm = mix(mix(f.shoulder[i], f.elbow[i], 0.4), f.wrist[i], lot.x);
        vec3 low = f.pelvis + s * (0.36 * sin(6.28 * lot.x) * x + (0.34 * cos(6.28 * lot.x)) * z) + sky * s * (0.35 - 1.5 * lot.y);
        vec3 high = mix(f.neck, f.shoulder[i], 0.3 + 0.7 * lot.x) + s * (0.16 * z + 0.02 * sky - 0.30 * lot.y * lot.y * sky);
        // From a bust they hang in front: from hood, cheeks and breast.
        vec3 front = f.head + s * vec3(0.34 * (2.0 * lot.x - 1.0), 0.10 - 0.52 * lot.y, 0.0);
        front.z += s * (0.24 - 0.30 * (2.0 * lot.x - 1.0) * (2.0 * lot.x - 1.0) + 0.14 * lot.y);
        high = mix(high, front, f.near * step(0.09, abs(lot.x - 0.5)));
        at = lot.w < 0.35 ? arm - sky * 0.05 * s : (lot.w < mix(0.65, 1.0, f.near) ? high : low);
        float pull = smoothstep(0.0, 0.8, life), fallen = max(life - 0.8, 0.0) * 5.0;
        tall = s * (0.09 + (0.28 + 0.40 * lot.y) * pull);
        at.y -= fallen * fallen * max(at.y - f.ground - tall, 0.0);
        wide = s * (0.034 + 0.046 * lot.y) * (0.5 + 0.5 * smoothstep(0.0, 0.2, life)) * smoothstep(1.0, 0.97, life) * mix(1.0, 0.36, f.near);
        root = 2.8; tip = 0.50;
    } else if (most == m.happy) {
        // Petals rise round it and out.
        float a = 6.2831853 * fract(lot.x + 0.381966 * again) + 1.6 * life, r = s * (0.50 + 1.05 * life * (0.4 + 0.8 * lot.w));
        at = f.pelvis + r * (sin(a) * x + (0.6 * cos(a) - 0.45) * z) + sky * s * (-0.6 + (1.4 + 1.2 * lot.y) * life);
        way = normalize(sky * (0.6 + 0.5 * sin(3.0 * life + 9.0 * lot.w)) + sin(a) * x + 0.5 * sin(7.0 * life + 20.0 * lot.y) * z);
        float grown = smoothstep(0.0, 0.2, life) * smoothstep(1.0, 0.75, life);
        tall = s * (0.09 + 0.10 * lot.w) * grown;
        wide = s * (0.024 + 0.03 * lot.y) * grown * (0.35 + 0.65 * abs(cos(2.5 * life + 11.0 * lot.x)));
        root = 0.7; tip = 0.6;
    } else if (most == m.surprise) {
        // Rays round the head.
        float a = 6.2831853 * (n + 0.35 * lot.x) / u_grains, beaten = 1.0 + 0.10 * u_pulse * beat(0.0) + 0.2 * u_welcome, ring = fract(n * 0.5) * 2.0;
        way = normalize(sin(a) * normalize(mix(f.face[0], vec3(1.0, 0.0, 0.0), 0.7)) + cos(a) * sky + 0.18 * f.face[2]);
        at = f.head + way * s * beaten * reach * (0.74 + 0.16 * ring + 0.06 * lot.y);
        tall = s * reach * mix(0.10, 0.62, lot.w * lot.w) * beaten;
        wide = s * (0.010 + 0.012 * lot.z);
        root = 0.15; tip = 1.0;
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
    vec3 p = at + way * tall * y + across * wide * profile * in_uv.x;
    p.y = max(p.y, f.ground);
    v_position = p;
    v_normal = normalize(across * in_uv.x * 0.9 + out_by * 0.7);
    v_grain = vec3(in_uv.x, y, m.sad + 0.6 * m.surprise + 0.25 * m.happy);
    v_kind = vec2(m.sad + 0.5 * m.happy + 0.3 * m.disgust, lot.x);
    gl_Position = to_clip(p);
}
