// mood_lot: whose a thing with this lot is: the moods' shares lie side by side, and the lot falls in one of them. Needs lib/frame, form/moods
// (moods_here() called). lot [0, 1). Range: ANGRY to ASLEEP; sure [0, 1]: 0 where the next lot would be another mood's.
// Idea: in a mixture each thing is wholly of one mood, and shrinks by `sure` before it becomes another's: none hangs half way.
int mood_lot(float lot, out float sure) {
    float from = 0.0;
    int mood = NEUTRAL;
    sure = 1.0;
    for (int i = 0; i < 8; i++) {
        float to = from + MOOD[i];
        if (lot >= from && lot < to) {
            mood = i;
            sure = smoothstep(0.0, 0.03, min(from > 1e-3 ? lot - from : 1.0, to < 0.999 ? to - lot : 1.0));
        }
        from = to;
    }
    return mood;
}
