// ggx: specular reflection of one light. n, v, l unit vectors; roughness [0.05, 1]; f0 reflectance head on.
// Range: [0, inf), to be multiplied by n.l. Source: Walter et al. 2007 (distribution), Karis 2013 (joined visibility term).
float ggx(vec3 n, vec3 v, vec3 l, float roughness, float f0) {
    vec3 h = normalize(v + l);
    float a2 = pow(roughness, 4.0);
    float nh = max(dot(n, h), 0.0), nl = max(dot(n, l), 0.0), nv = max(abs(dot(n, v)), 1e-3);
    float d = nh * nh * (a2 - 1.0) + 1.0;
    float k = roughness * roughness * 0.5;
    float visibility = 0.25 / ((nl * (1.0 - k) + k) * (nv * (1.0 - k) + k));
    float fresnel = f0 + (1.0 - f0) * pow(1.0 - max(dot(v, h), 0.0), 5.0);
    return a2 / (3.14159265 * d * d) * visibility * fresnel;
}
