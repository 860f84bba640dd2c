// place_mood: what kind of place the room is, by the look's numbers: seven shares that overlap and change without a jump.
// Needs lib/frame. Range: each [0, 1]. Idea: a mood's place follows from what its forms do, so that an artist's own look has one too.
struct PlaceMood {
    float hard;   // spikes: black crags before a burning sky
    float murk;   // boiling and unordered: a swamp under a sick sun
    float weep;   // hanging: rain over a lake, a lamp far away
    float hide;   // closed and trembling: a forest with one cold gap of light, on the right
    float open;   // rising: a wide dawn
    float burst;  // rising and beating: a ring of light in the night
    float calm;   // what is left: still water in mist, a pale sun
};
PlaceMood place_mood() {
    PlaceMood m;
    m.hide = smoothstep(0.20, 0.55, u_tremble * (1.0 - u_spread));
    m.hard = smoothstep(0.50, 0.85, u_spikiness) * (1.0 - m.hide);
    m.murk = smoothstep(0.28, 0.60, u_turbulence * (1.0 - u_symmetry) * (1.0 - 0.5 * u_spikiness)) * (1.0 - m.hard);
    m.weep = smoothstep(0.35, 0.80, u_droop) * (1.0 - m.murk);
    m.burst = smoothstep(0.26, 0.50, -u_droop) * smoothstep(0.66, 0.86, u_pulse) * (1.0 - m.hard);
    m.open = smoothstep(0.06, 0.26, -u_droop) * (1.0 - m.burst) * (1.0 - m.hard);
    float left = (1.0 - m.hard) * (1.0 - m.murk) * (1.0 - m.weep) * (1.0 - m.hide) * (1.0 - m.burst) * (1.0 - m.open);
    m.calm = smoothstep(0.15, 0.75, left);
    return m;
}
