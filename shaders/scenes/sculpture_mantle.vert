#version 330 core
// The mantle of a statue: cloth that hangs behind it from arms that are lifted or held out, in folds from shoulder and wrist to the ground.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/weather.glsl"
#include "lib/body/figure.glsl"
uniform float u_reach;

in vec2 in_uv;  // x from the one wrist over the neck to the other in [-1, 1], y from the arms down in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec2 v_grain;
out vec4 v_cut;
out vec2 v_open;
out vec3 v_place;  // how deep in a fold [0, 1], how far down [0, 1], how far out [0, 1]
flat out mat3 v_face;
flat out vec4 v_carved;
flat out vec4 v_own;

float fold_of(float a, float v) { return sin(19.0 * a + 1.1 * sin(7.0 * a) + 0.5 * v); }

vec3 mantle(Figure f, int i, float a, float v, float spread) {
    float s = f.size, side = i == 0 ? 1.0 : -1.0;
    vec3 top = mix(f.neck + 0.02 * s * f.body[1], f.shoulder[i] + 0.03 * s * f.body[1], smoothstep(0.0, 0.24, a));
    vec3 ab = mix(f.shoulder[i], f.elbow[i], clamp((a - 0.2) / 0.45, 0.0, 1.0)), bc = mix(f.elbow[i], f.wrist[i], clamp((a - 0.5) / 0.5, 0.0, 1.0));
    top = mix(top, mix(ab, bc, smoothstep(0.40, 0.80, a)), smoothstep(0.18, 0.34, a));
    // It hangs straight, the farther out the less far down; between the wrist and the hip it sags.
    float low = mix(f.ground + 0.02 * s, min(f.wrist[i].y, f.shoulder[i].y) - s * (0.55 + 0.45 * u_reach), smoothstep(0.35, 1.0, a));
    low = mix(top.y - 0.2 * s, max(low, f.ground + 0.02 * s), spread);
    vec3 p = vec3(top.x, mix(top.y, low, v), top.z - s * mix(0.13, 0.03, smoothstep(0.3, 1.0, a)));
    float hang = sin(min(v, 1.0) * 1.5708);
    p.x = mix(p.x, f.pelvis.x + side * s * (0.16 + 0.46 * a), 0.62 * hang * mix(0.4, 1.0, spread));
    p.z = mix(p.z, min(f.pelvis.z, p.z) - 0.12 * s, hang);
    // Folds open downwards and run together at the wrist.
    float fold = fold_of(a, v), deep = s * 0.062 * smoothstep(0.0, 0.35, v) * (0.5 + 0.5 * v);
    return p + vec3(0.5 * cos(19.0 * a + 1.1 * sin(7.0 * a)) * deep, 0.0, fold * deep) + vec3(0.0, 0.045 * s * fold * v * v, 0.0);
}

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Weather w = weather(m, f.grown);
    int i = in_uv.x < 0.0 ? 1 : 0;
    float a = abs(in_uv.x), v = in_uv.y, s = f.size;
    float spread = 0.0, other = 0.0, worn = f.grown * (1.0 - m.fear) * (1.0 - m.sad) * (1.0 - m.disgust) * step(0.01, u_reach);
    for (int k = 0; k < 2; k++) {
        vec3 reach = (f.wrist[k] - f.shoulder[k]) / s;
        float far = smoothstep(0.30, 0.62, max(abs(reach.x), reach.y + 0.1)) * worn;
        if (k == i) spread = far;
        other = max(other, far);
    }
    if (other < 0.01) {
        gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
        return;
    }
    // A side that does not hang lies folded on the arm.
    v *= smoothstep(0.0, 0.05, spread);
    vec3 p = mantle(f, i, a, v, spread), along = mantle(f, i, a, v + 0.04, spread) - p, across = mantle(f, i, a + 0.012, v, spread) - p;
    vec3 n = normalize(cross(across, along) + vec3(0.0, 0.0, 1e-6));
    n *= n.z < 0.0 ? -1.0 : 1.0;
    v_position = p;
    v_normal = n;
    v_grain = vec2(in_uv.x, v) * s;
    v_cut = vec4(in_uv, 0.0, -0.10 - 0.10 * v);
    float inner = smoothstep(0.55, 0.15, a);
    v_open = vec2(0.75 - 0.25 * inner, 0.85 - 0.55 * inner);
    v_place = vec3(0.5 + 0.5 * fold_of(a, v), v, a);
    v_face = mat3(1.0);
    v_carved = vec4(0.0);
    v_own = vec4(s, w.wet, f.near, w.glow);
    gl_Position = to_clip(p);
}
