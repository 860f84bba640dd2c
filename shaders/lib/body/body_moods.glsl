// body_moods: how far each emotion of a visitor rules the form of their figure, sharpened as the look sharpens its colours, so that one gesture leads. Needs lib/frame.
// Range: each [0, 1], together 1 at most; all fade while nobody is there. Idea: third powers of the probabilities, neutral at half.
struct BodyMoods { float angry, disgust, fear, happy, sad, surprise, neutral; };
BodyMoods body_moods(int who) {
    vec4 first = u_mood[who * 2], last = u_mood[who * 2 + 1];
    float p[7] = float[7](first.x, first.y, first.z, first.w, last.x, last.y, last.z);
    float sum = 1e-4;
    for (int n = 0; n < 7; n++) {
        p[n] = p[n] * p[n] * p[n] * (n == 6 ? 0.5 : 1.0);
        sum += p[n];
    }
    float here = smoothstep(0.0, 0.6, u_presence), all = 1e-4;
    for (int n = 0; n < 7; n++) {
        p[n] = smoothstep(0.08, 0.75, p[n] / sum);
        all += p[n];
    }
    here /= max(all, 1.0);
    return BodyMoods(p[0] * here, p[1] * here, p[2] * here, p[3] * here, p[4] * here, p[5] * here, p[6] * here);
}
