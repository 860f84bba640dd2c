// environment: the light that comes from a direction: a dark room with a large soft window above and a glow below.
// Range: [0, inf) linear RGB. d is a unit vector, y up; roughness widens the window's edge.
vec3 environment(vec3 d, vec3 palette[4], float roughness) {
    float soft = mix(0.08, 0.7, roughness);
    float window = smoothstep(0.55 - soft, 0.55 + soft, dot(d, normalize(vec3(-0.45, 0.8, 0.45))));
    float strip = smoothstep(0.72 - soft, 0.72 + soft, dot(d, normalize(vec3(0.9, 0.1, 0.35))));
    float below = smoothstep(0.2, -1.0, d.y);
    return palette[1] * 0.35 + palette[3] * (1.5 * window + 0.7 * strip) + palette[2] * 0.35 * below;
}
