// wall_tone: how light the painter's ground is at a place. Needs lib/frame, noise/swell3, form/moods. head: the first sitter's, round which it is
// arranged. Range: about 0 to 1.2. Idea: light falls on a wall behind the sitter's dark side; each mood has a light of its own: a halo,
// a ring, a curtain that darkens downwards, one lit corner, a band across, stains.
float wall_tone(vec2 p, vec2 head, float shares[7]) {
    vec2 z = p - head, lit = p - head - vec2(0.55, 0.05), corner = p - vec2(0.70, 0.45);
    float far = length(z), pool = exp(-1.5 * dot(lit, lit)), across = p.y + 0.75 * p.x - 0.05;
    float t = 0.17 + 0.66 * pool + 0.10 * swell3(vec3(p * 1.1, 0.03 * u_phase)) + (1.0 - u_presence) * (0.30 * pool + 0.04);
    float ring = (far - 0.98 - 0.06 * sin(0.5 * u_phase) - 0.10 * swell3(vec3(p * 1.3, 2.0))) / 0.30;
    t += shares[HAPPY] * (0.98 * exp(-1.15 * far * far) + 0.02 - 0.45 * pool);
    t += shares[SURPRISE] * (0.42 * exp(-ring * ring) + 0.60 * exp(-3.2 * far * far) - 0.34 * pool);
    t += shares[SAD] * (0.80 * smoothstep(-0.6, 1.0, p.y) * exp(-0.7 * lit.x * lit.x) - 0.36 * pool);
    t += shares[FEAR] * (0.80 * exp(-1.2 * dot(corner, corner)) - 0.42 * pool - 0.04);
    t += shares[ANGRY] * (0.62 * exp(-1.7 * across * across) - 0.30 * pool + 0.10 * swell3(vec3(p * 2.0 + 4.0, 0.10 * u_phase)));
    return t + shares[DISGUST] * (0.30 * swell3(vec3(p * 1.7, 0.06 * u_phase)) + 0.16 * swell3(vec3(p * 4.3, 4.0)) + 0.16);
}
