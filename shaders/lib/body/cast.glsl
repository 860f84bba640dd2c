// cast_robe, head_at, trunk_at, leg_at, arm_at, bone_at, egg_at, melted: distance to a figure's melted body or a part of it and the way
// out of it. Needs body/figure. p in scene units; k: how wide parts melt into each other, in shares of the size (0.1 skin, 0.3 a heavy
// cloth). Gives the gradient (about a unit vector) and the distance.
// Range: never above that to the nearest part. Idea: each part gives its gradient with its distance, and a smooth union mixes
// both, so that one look projects a vertex; no differences are taken.
vec4 bone_at(vec3 p, vec3 a, vec3 b, float ra, float rb) {
    vec3 from = p - a, way = b - a;
    float h = clamp(dot(from, way) / max(dot(way, way), 1e-6), 0.0, 1.0);
    vec3 q = from - way * h;
    float l = max(length(q), 1e-5);
    return vec4(q / l, l - mix(ra, rb, h));
}
vec4 egg_at(vec3 p, vec3 middle, mat3 pose, vec3 radii) {
    vec3 q = (p - middle) * pose, a = q / radii, b = a / radii;
    float k0 = length(a), k1 = max(length(b), 1e-4);
    return vec4(pose * b / k1, k0 * (k0 - 1.0) / k1);
}
vec4 melted(vec4 a, vec4 b, float k) {
    float h = max(k - abs(a.w - b.w), 0.0) / k;
    vec4 low = a.w < b.w ? a : b, high = a.w < b.w ? b : a;
    return vec4(mix(low.xyz, high.xyz, 0.5 * h), low.w - 0.25 * k * h * h);
}
vec4 head_at(vec3 p, Figure f, float jaw) {
    float s = f.size;
    vec4 d = egg_at(p, f.head + s * (0.035 * f.face[1] - 0.015 * f.face[2]), f.face, s * vec3(0.150, 0.185, 0.172));
    vec4 chin = egg_at(p, f.head + s * ((-0.095 - 0.05 * jaw) * f.face[1] + 0.045 * f.face[2]), f.face, s * vec3(0.100, 0.125 + 0.02 * jaw, 0.115));
    d = melted(d, chin, 0.09 * s);
    return melted(d, bone_at(p, f.neck - 0.06 * s * f.body[1], f.head - 0.05 * s * f.face[1], 0.095 * s, 0.085 * s), 0.07 * s);
}
vec4 trunk_at(vec3 p, Figure f, float k) {
    float s = f.size;
    vec3 drop = vec3(0.0, -0.03, 0.0) * s;
    vec4 d = bone_at(p, f.shoulder[0] + drop, f.shoulder[1] + drop, 0.092 * s, 0.092 * s);
    d = melted(d, egg_at(p, f.chest, f.body, s * vec3(0.25, 0.29, 0.155)), k * s);
    d = melted(d, bone_at(p, f.neck, 0.5 * (f.neck + f.chest), 0.088 * s, 0.15 * s), 0.15 * s);
    // From the neck to the shoulders; collar bones, and the breast under them.
    for (int i = 0; i < 2; i++) {
        float side = i == 0 ? 1.0 : -1.0;
        d = melted(d, bone_at(p, f.neck + 0.05 * s * f.body[1] - 0.02 * s * f.body[2], f.shoulder[i] + drop, 0.085 * s, 0.085 * s), 0.12 * s);
        d = melted(d, bone_at(p, f.neck + s * (0.045 * side * f.body[0] - 0.085 * f.body[1] + 0.085 * f.body[2]), f.shoulder[i] + s * (0.02 * f.body[1] + 0.045 * f.body[2]), 0.020 * s, 0.034 * s), 0.045 * s);
        d = melted(d, egg_at(p, f.chest + s * (0.115 * side * f.body[0] + 0.06 * f.body[1] + 0.105 * f.body[2]), f.body, s * vec3(0.115, 0.12, 0.085)), 0.09 * s);
    }
    d = melted(d, bone_at(p, f.chest, f.pelvis, 0.150 * s, 0.165 * s), 0.12 * s);
    return melted(d, egg_at(p, f.pelvis + vec3(0.0, 0.03, 0.0) * s, f.body, s * vec3(0.205, 0.22, 0.165)), 0.17 * s);
}
vec4 leg_at(vec3 p, Figure f, int i) {
    float s = f.size;
    vec4 d = bone_at(p, f.hip[i], f.knee[i], 0.15 * s, 0.10 * s);
    return melted(d, bone_at(p, f.knee[i], f.ankle[i], 0.10 * s, 0.075 * s), 0.08 * s);
}
vec4 arm_at(vec3 p, Figure f, int i, float lower) {
    float s = f.size, away = (1.0 - lower) * 4.0 * s;
    vec4 d = bone_at(p, f.shoulder[i], mix(mix(f.shoulder[i], f.elbow[i], 0.40), f.elbow[i], lower), 0.100 * s, mix(0.086, 0.078, lower) * s);
    d = melted(d, bone_at(p, f.elbow[i], f.wrist[i], 0.080 * s - away, 0.052 * s - away), 0.05 * s);
    return melted(d, bone_at(p, f.wrist[i], f.palm[i], 0.052 * s - away, 0.040 * s - away), 0.03 * s);
}
// The body below the neck under its robe; arms [0, 1]: whether forearms and hands count; hem: radius of the skirt where it meets the
// ground, in shares of the size.
vec4 cast_robe(vec3 p, Figure f, float k, float hem, float arms) {
    float s = f.size;
    vec4 d = trunk_at(p, f, 2.0 * k);
    vec3 feet = 0.5 * (f.ankle[0] + f.ankle[1]);
    feet.y = f.ground;
    vec4 skirt = bone_at(p, f.pelvis, feet, 0.20 * s, hem * s);
    d = melted(d, melted(skirt, melted(leg_at(p, f, 0), leg_at(p, f, 1), k * s), 0.10 * s), k * s);
    vec4 a = arm_at(p, f, 0, arms), b = arm_at(p, f, 1, arms);
    return melted(d, melted(a, b, 0.02 * s), 0.10 * s);
}
