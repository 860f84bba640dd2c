// moods, moods_first, moods_last, moods_are: how much of a form each emotion has: MOOD[ANGRY] ... MOOD[NEUTRAL], MOOD[ASLEEP] while nobody
// is there. Needs lib/frame. Call moods() first. Range: [0, 1], together 1. Idea: colours may mix, but half a stalactite and half a fan are neither: the fourth
// power lets the likeliest emotion rule, neutral weighs less (as in the looks), and nothing jumps.
const int ANGRY = 0, DISGUST = 1, FEAR = 2, HAPPY = 3, SAD = 4, SURPRISE = 5, NEUTRAL = 6, ASLEEP = 7;
float MOOD[8];
void moods() {
    float sum = 1e-6;
    for (int i = 0; i < 7; i++) {
        float share = u_emotion[i] * (i == NEUTRAL ? 0.62 : 1.0);
        MOOD[i] = share * share * share * share;
        sum += MOOD[i];
    }
    float here = smoothstep(0.05, 0.75, u_presence) / sum;
    for (int i = 0; i < 7; i++) MOOD[i] *= here;
    MOOD[ASLEEP] = 1.0 - here * sum;
}
// From a vertex shader to a fragment shader: flat varyings of (angry, disgust, fear, happy) and (sad, surprise, neutral, asleep).
vec4 moods_first() { return vec4(MOOD[ANGRY], MOOD[DISGUST], MOOD[FEAR], MOOD[HAPPY]); }
vec4 moods_last() { return vec4(MOOD[SAD], MOOD[SURPRISE], MOOD[NEUTRAL], MOOD[ASLEEP]); }
void moods_are(vec4 a, vec4 b) { MOOD = float[8](a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w); }
