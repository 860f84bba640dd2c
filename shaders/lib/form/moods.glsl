// moods, moods_awake, mood_by_lot, moods_here, moods_first, moods_last, moods_are: how much of a form each emotion has, by the words ANGRY
// to NEUTRAL, in the order of u_emotion.
// Needs lib/frame. moods gives seven shares, [0, 1], together 1; moods_awake all to neutral where nobody is there; mood_by_lot (lot
// [0, 1)) one of the words; moods_here fills MOOD, with ASLEEP beside them, together 1, and moods_first, moods_last and moods_are carry
// it from a vertex to a fragment shader. Idea: colours may mix, but half a stalactite and half a fan are neither: the cube lets the
// likeliest emotion rule, neutral weighs less (as in the looks), nothing jumps; a grain that takes its form by lot has it wholly.
const int ANGRY = 0, DISGUST = 1, FEAR = 2, HAPPY = 3, SAD = 4, SURPRISE = 5, NEUTRAL = 6, ASLEEP = 7;
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
float[7] moods_awake() {
    float share[7] = moods();
    for (int n = 0; n < 7; n++) share[n] *= u_presence;
    share[NEUTRAL] += 1.0 - u_presence;
    return share;
}
int mood_by_lot(float share[7], float lot) {
    for (int n = 0; n < 6; n++) {
        if (lot < share[n]) return n;
        lot -= share[n];
    }
    return NEUTRAL;
}
float MOOD[8];
void moods_here() {
    float share[7] = moods(), here = smoothstep(0.05, 0.75, u_presence);
    for (int n = 0; n < 7; n++) MOOD[n] = share[n] * here;
    MOOD[ASLEEP] = 1.0 - here;
}
vec4 moods_first() { return vec4(MOOD[ANGRY], MOOD[DISGUST], MOOD[FEAR], MOOD[HAPPY]); }
vec4 moods_last() { return vec4(MOOD[SAD], MOOD[SURPRISE], MOOD[NEUTRAL], MOOD[ASLEEP]); }
void moods_are(vec4 a, vec4 b) { MOOD = float[8](a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w); }
