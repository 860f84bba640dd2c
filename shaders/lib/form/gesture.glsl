// mood_now, mood_of: how much of each emotion's gesture the form of the drawn shape takes on: its own visitor's. Needs lib/frame.
// Range: [0, 1] each; sleep is 1 with nobody there.
// Idea: shares with the looks' own weights, drawn apart so that a doubtful reading still is one gesture; not squared as the
// looks' are: forms that move far must not leap.
struct Mood { float angry, disgust, fear, happy, sad, surprise, neutral, sleep; };
Mood mood_now() {
    vec4 a = u_mood[u_shape * 2], b = u_mood[u_shape * 2 + 1];
    float own[7] = float[7](a.x, a.y, a.z, a.w, b.x, b.y, b.z), sum = 1e-4;
    for (int i = 0; i < 7; i++) {
        own[i] *= i == 6 ? 0.6 : 1.0;
        sum += own[i];
    }
    for (int i = 0; i < 7; i++) own[i] = smoothstep(0.10, 0.58, own[i] / sum) * u_presence;
    return Mood(own[0], own[1], own[2], own[3], own[4], own[5], own[6], 1.0 - u_presence);
}
// mood_of: the same from two vectors, as a vertex shader hands them on: once a vertex is cheaper than once a pixel.
Mood mood_of(vec4 a, vec4 b) { return Mood(a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w); }
