// moods, mood_by_lot: how much of each emotion's form there is, and which one a thing takes by its lot. Needs lib/frame.
// moods gives seven shares that add up to 1, in u_emotion's order; mood_by_lot (lot [0, 1)) one of the words below.
// Idea: half a grain of anger is no form. Each grain has one form wholly, and a change of mood is grain after grain going over;
// shares are sharpened, so that a doubtful reading is mostly of the likeliest form, as palettes are (docs/look.md).
const int ANGRY = 0, DISGUST = 1, FEAR = 2, HAPPY = 3, SAD = 4, SURPRISE = 5, NEUTRAL = 6;
float[7] moods() {
    float share[7], all = 1e-6;
    for (int n = 0; n < 7; n++) {
        float s = u_emotion[n] * (n == NEUTRAL ? 0.6 : 1.0);
        share[n] = s * s * s;
        all += share[n];
    }
    for (int n = 0; n < 7; n++) share[n] /= all;
    return share;
}
int mood_by_lot(float share[7], float lot) {
    for (int n = 0; n < 6; n++) {
        if (lot < share[n]) return n;
        lot -= share[n];
    }
    return NEUTRAL;
}
