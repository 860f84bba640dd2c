// garment: how the cloth of a figure is worn in the mood. Needs body/body_moods. Range: as said at each. Idea: one table for all parts.
struct Garment {
    vec4 style;     // of the folds, as lib/body/folds takes it
    float hem;      // radius of the skirt on the ground, shares of the size
    float deep;     // depth of folds, shares of the size
    float closed;   // half the angle the mantle covers, radians
    float torn;     // how far the hem is cut into points [0, 1]
    float flown;    // how far cloth flies out and up [0, 1]
    float pooled;   // how far it runs over the ground [0, 1]
    float clotted;  // lumps [0, 1]
    float wet;      // how wet the stone is [0, 1]
};
Garment garment(BodyMoods m, float grown) {
    Garment g;
    // The look's own numbers count beside the mood, so that another look cuts another garment.
    float thorn = smoothstep(0.45, 1.0, u_spikiness), hang = smoothstep(0.35, 1.0, u_droop), wide = u_spread - 0.5;
    g.style = vec4(0.55 * m.fear, clamp(m.disgust + 0.20 * u_turbulence, 0.0, 1.0),
        clamp(0.30 + max(0.70 * m.angry, 0.6 * thorn) + 0.4 * m.surprise, 0.0, 1.0),
        1.0 + 0.30 * m.sad + 0.5 * m.angry + 0.3 * m.surprise - 0.10 * m.happy - 0.25 * m.fear);
    g.hem = 0.36 + 0.10 * wide + 0.04 * hang + 0.16 * m.sad + 0.20 * m.happy + 0.10 * m.angry - 0.06 * m.fear + 0.22 * m.disgust;
    g.deep = 0.062 + 0.020 * m.sad + 0.022 * m.angry + 0.032 * m.happy - 0.010 * m.fear + 0.030 * m.disgust + 0.01 * m.surprise;
    g.closed = 2.30 + 0.42 * m.sad + 0.82 * m.fear - 0.25 * m.happy - 0.15 * m.angry;
    g.closed = mix(3.14159, g.closed, grown);
    g.hem = mix(0.62, g.hem, grown);
    g.torn = clamp(max(m.angry, 0.7 * thorn) * (1.0 - 0.6 * m.fear), 0.0, 1.0) * grown;
    g.flown = clamp(m.happy + 0.35 * m.angry, 0.0, 1.0);
    g.pooled = clamp(max(m.sad, hang) + 0.5 * m.disgust, 0.0, 1.0) * grown;
    g.clotted = m.disgust;
    g.wet = clamp(0.8 * m.sad + m.disgust + 0.35 * m.fear, 0.0, 1.0) * grown;
    return g;
}
