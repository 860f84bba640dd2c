// beat: the slow pulse of all forms. Needs lib/frame. Range: [-0.5, 0.5] for any shift; how large it is, is u_pulse's affair.
// Idea: a sine that flows, sharpened to a stroke with a rest after it as u_rhythm rises, like breath and heart.
float beat(float shift) {
    float wave = 0.5 + 0.5 * sin(u_phase * 1.7 + shift);
    return mix(wave, wave * wave * wave * wave, u_rhythm) - 0.5 + 0.23 * u_rhythm;
}
