// shroud_at, torso_at: distance to a figure under its shroud, or to its trunk alone, and the way out of it. Needs body/figure, body/cast. p in scene units; hem as
// cast_robe takes it; jaw as head_at; arms [0, 1]: how far forearms are under it; loose [0, 1]: 0 it follows neck and chin, 1 it falls from
// the head to the shoulders. Gives the gradient (about a unit vector) and the distance. Range: never above that to the nearest part.
// Idea: body, head and a veil from which the face looks, melted into one; a bust stands in a mound of its own cloth, so that it is cut nowhere.
vec4 torso_at(vec3 p, Figure f) {
    float s = f.size;
    vec4 d = trunk_at(p, f, 0.16);
    if (f.near > 0.01) {
        float less = (1.0 - f.near) * 0.6;
        d = melted(d, egg_at(p, f.neck - s * vec3(0.0, 1.33 + less, 0.02), mat3(1.0), s * vec3(1.30, 0.88, 0.50)), 0.26 * s);
    }
    return d;
}
vec4 shroud_at(vec3 p, Figure f, float hem, float jaw, float arms, float loose) {
    float s = f.size;
    vec3 feet = 0.5 * (f.ankle[0] + f.ankle[1]);
    feet.y = f.ground;
    vec4 d = melted(torso_at(p, f), bone_at(p, f.pelvis + 0.10 * s * f.body[1], feet, 0.17 * s, hem * s), 0.18 * s);
    d = melted(d, melted(leg_at(p, f, 0), leg_at(p, f, 1), 0.16 * s), 0.16 * s);
    d = melted(d, melted(arm_at(p, f, 0, arms), arm_at(p, f, 1, arms), 0.10 * s), mix(0.14, 0.30, arms) * s);
    if (f.grown < 0.99) {
        // Asleep it has drawn the cloth round itself.
        float more = 1.0 - 0.7 * f.grown;
        d = melted(d, egg_at(p, f.pelvis + s * vec3(0.0, -0.10, 0.20), mat3(1.0), s * more * vec3(0.46, 0.74, 0.52)), 0.24 * s);
    }
    vec4 hood = egg_at(p, f.head + s * (0.045 * f.face[1] - 0.050 * f.face[2]), f.face, s * vec3(0.190, 0.215, 0.195));
    vec4 veil = bone_at(p, f.head - 0.07 * s * f.face[2], f.neck - s * (0.20 * f.body[1] + 0.12 * f.body[2]), 0.175 * s, 0.215 * s);
    // From brow and chin it falls to the breast.
    vec4 fall = bone_at(p, f.head + s * (0.05 * f.face[2] - 0.06 * f.face[1]), f.neck + s * (0.10 * f.body[2] - 0.26 * f.body[1]), 0.105 * s, 0.13 * s);
    veil = melted(veil, fall, 0.10 * s);
    // Over arms that are under it, it slopes from the head.
    if (arms > 0.01) d = melted(d, bone_at(p, f.head - 0.06 * s * f.face[2], f.chest - 0.10 * s * f.body[1], 0.15 * s, (0.15 + 0.17 * arms) * s), 0.25 * s);
    d = melted(d, melted(hood, veil, 0.08 * s), mix(0.09, mix(0.20, 0.28, max(f.near, 1.0 - f.grown)), loose) * s);
    return melted(d, head_at(p, f, jaw), 0.075 * s);
}
