// dust_asleep: nobody there: a still pond of dust with slow rings on it, and over it a sleeping cloud that is mirrored in it.
// Needs dust/dust_of. lot: four numbers in [0, 1). Range: x within 3, z from -4.5 to 1.5.
// Idea: a level plane seen from low; a ring is a bright slope on it. The cloud is a lens with two arms, and breathes.
Dust dust_asleep(vec4 lot) {
    Dust d;
    d.life = 0.5;
    d.firm = 0.9;
    float breath = sin(0.42 * u_phase);
    if (lot.z < 0.64) {
        float z = mix(-4.5, 1.5, lot.y), x = (2.0 * lot.x - 1.0) * (2.1 - 0.45 * z), away = length(vec2(x, 1.3 * (z + 0.3)));
        float ring = sin(7.0 * away - 1.1 * u_phase), height = 0.016 * ring * exp(-0.35 * away);
        d.home = vec3(x, -0.52 + height, z);
        d.light = (0.16 + 1.35 * pow(0.5 + 0.5 * cos(7.0 * away - 1.1 * u_phase), 4.0)) * exp(-0.33 * away) + 0.08;
        return d;
    }
    float mirrored = step(0.90, lot.z), out_by = pow(lot.x, 0.65), arm = lot.y < 0.5 ? 0.0 : 3.14159265;
    float turn = arm + 3.4 * out_by + 0.10 * u_phase + (lot.w - 0.5) * 2.0 * (0.25 + 0.75 * fract(lot.y * 17.0));
    vec3 p = vec3(cos(turn) * out_by, (fract(lot.w * 31.0) + fract(lot.w * 57.0) - 1.0) * 0.22 * (1.0 - 0.8 * out_by), sin(turn) * out_by) * (0.62 + 0.03 * breath);
    p.xy = mat2(0.96, 0.20, -0.20, 0.96) * p.xy + vec2(0.0, -0.30 * p.z);
    d.light = 0.45 + 1.5 * exp(-5.0 * out_by * out_by) + 0.45 * step(0.94, fract(lot.w * 13.0));
    float y = 0.20 + 0.02 * breath + p.y;
    d.home = mirrored > 0.5 ? vec3(1.05 * p.x, -1.04 - y * 0.72, p.z) : vec3(p.x, y, p.z);
    d.light *= mix(1.0, 0.35, mirrored);
    return d;
}
