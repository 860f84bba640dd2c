// mood_shares: how far each emotion has the picture, for what cannot be half: 0 angry, 1 disgust, 2 fear, 3 happy, 4 sad, 5 surprise,
// 6 neutral. Needs lib/frame. Range: [0, 1] each, together 1; all neutral where nobody is. Idea: shares are squared, so that the
// likeliest emotion rules and doubt does not blur the drawing.
const int ANGRY = 0, DISGUST = 1, FEAR = 2, HAPPY = 3, SAD = 4, SURPRISE = 5, NEUTRAL = 6;
float[7] mood_shares() {
    float shares[7];
    float sum = 1e-4;
    for (int i = 0; i < 7; i++) {
        float share = u_emotion[i] * (i == NEUTRAL ? 0.6 : 1.0);
        shares[i] = share * share * share;
        sum += shares[i];
    }
    for (int i = 0; i < 7; i++) shares[i] *= u_presence / sum;
    shares[NEUTRAL] += 1.0 - u_presence;
    return shares;
}
