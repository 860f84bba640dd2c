// weather: what a mood does to a statue. Needs lib/frame, body/body_moods. m: of body_moods; grown [0, 1]: 0 asleep, 1 the visitor.
// Range: as said at each. Idea: one table for all parts; the look's own numbers count beside the mood, so that another look weathers otherwise.
struct Weather {
    vec4 carved;  // as lib/body/carving takes it
    float deep;   // how deep it is carved, shares of the size
    float hem;    // radius of the hem, shares of the size
    float wet;    // how wet the stone is [0, 1]
    float glow;   // light within the cracks [0, 1]
};
Weather weather(BodyMoods m, float grown) {
    float thorn = smoothstep(0.45, 1.0, u_spikiness), hang = smoothstep(0.35, 1.0, u_droop);
    Weather w;
    w.carved = vec4(max(max(m.sad, 0.7 * m.disgust), 0.5 * hang * (1.0 - m.disgust)), 0.26 * m.disgust, 0.6 * m.happy, clamp(max(m.angry, 0.5 * thorn * (1.0 - m.fear)), 0.0, 1.0)) * grown;
    w.deep = 0.060 + grown * (0.010 * m.angry + 0.015 * m.disgust + 0.006 * m.surprise + 0.020 * m.happy - 0.020 * m.fear);
    w.hem = mix(1.05, 0.80 + 0.14 * m.sad + 0.10 * m.fear + 0.15 * m.disgust - 0.06 * m.angry, grown);
    w.wet = clamp(m.disgust + 0.35 * m.sad, 0.0, 1.0) * grown;
    w.glow = m.angry * grown;
    return w;
}
