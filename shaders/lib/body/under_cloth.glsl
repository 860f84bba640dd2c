// under_cloth: how far a figure's arms lie under its shroud. Needs body/figure, body/body_moods. Range: [0, 1], 1: nothing of them comes out.
// Idea: a bust's arms that hang are covered whole, a sleeper's, and those of one near who is afraid; one that is lifted or held out brings both out.
float under_cloth(Figure f, BodyMoods m) {
    float under = 1.0;
    for (int i = 0; i < 2; i++) {
        vec3 from = (f.wrist[i] - f.chest) / f.size;
        under *= smoothstep(0.05, -0.25, from.y) * smoothstep(0.85, 0.55, abs(from.x)) * smoothstep(0.70, 0.45, from.z);
    }
    return max(max(under * mix(1.0, f.near, max(m.sad, m.disgust)), smoothstep(0.5, 0.9, m.fear * f.near)), smoothstep(0.6, 0.3, f.grown));
}
