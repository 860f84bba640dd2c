// throb: a slow beat, flowing or sudden. Needs nothing.
// Range: [0, 1]; phase in radians, rhythm [0, 1]: 0 a sine, 1 a short knock and a long rest. Continuous in all.
// Idea: a raised sine, sharpened by a power.
float throb(float phase, float rhythm) {
    return pow(0.5 + 0.5 * sin(phase), 1.0 + 5.0 * rhythm * rhythm);
}
