// wall_tone: how light the painter's ground is at a place. Needs lib/frame, noise/swell3, form/moods. head: the first sitter's, round which it is
// arranged. Range: about 0 to 1.2. Idea: light falls on a wall behind the sitter's dark side; each mood has a light of its own: a halo,
// rings, a curtain that darkens downwards, one lit corner, a band across, clots.
float wall_tone(vec2 p, vec2 head, float shares[7]) {
    vec2 z = p - head, lit = p - vec2(0.75, 0.25), corner = p - vec2(0.75, 0.5);
    float far = length(z), pool = exp(-1.1 * dot(lit, lit)), across = p.y + 0.75 * p.x + 0.15;
    float t = 0.42 + 0.38 * pool + (1.0 - u_presence) * (0.42 * pool - 0.10);
    t += shares[HAPPY] * (0.95 * exp(-1.5 * far * far) - 0.40 * smoothstep(0.3, 1.5, far) - 0.10 * pool);
    t += shares[SURPRISE] * (0.40 * sin(9.5 * far - 0.8 * u_phase) * exp(-0.35 * far) + 0.06);
    t += shares[SAD] * (0.34 * smoothstep(-0.5, 1.0, p.y) - 0.24);
    t += shares[FEAR] * (0.55 * exp(-3.5 * dot(corner, corner)) - 0.34 * pool - 0.14);
    t += shares[ANGRY] * (0.38 * exp(-2.0 * across * across) - 0.12 + 0.16 * sin(6.0 * dot(p, vec2(0.60, 0.80)) + 2.0 * p.x));
    return t + shares[DISGUST] * (0.42 * swell3(vec3(p * 2.2, 0.12 * u_phase)) + 0.22 * swell3(vec3(p * 5.3, 4.0)) + 0.06);
}
