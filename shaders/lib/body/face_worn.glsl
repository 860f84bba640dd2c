// face_worn: the expression that a visitor's face has in the picture. Needs lib/frame; mood: of form/moods. who: 0 to u_people - 1.
// Gives brow (inner up, outer up, down, asymmetry), eye (closed on the left, on the right, wide, squint), mouth (jaw open, smile,
// frown, pucker), rest (stretched wide, sneer, gaze x, gaze y), each in the range of u_expression.
// Idea: the visitor's own, and as much of the group's emotion as an actor's mask of it would have, which is all where no face is seen.
struct Face { vec4 brow; vec4 eye; vec4 mouth; vec4 rest; };
Face face_worn(int who, float mood[7]) {
    float angry = mood[0], disgust = mood[1], fear = mood[2], happy = mood[3], sad = mood[4], surprise = mood[5];
    float much = u_presence * mix(0.85, 0.5, u_seen[who].y);
    Face f;
    f.brow = vec4(0.9 * sad + 0.8 * fear + 0.7 * surprise, 0.8 * surprise + 0.3 * fear + 0.3 * happy, 1.0 * angry + 0.5 * disgust, 0.5 * disgust);
    f.eye = vec4(vec2(0.45 * sad + 0.25 * happy), 0.9 * surprise + 0.8 * fear + 0.3 * angry, 0.8 * disgust + 0.5 * happy + 0.3 * angry);
    f.mouth = vec4(0.8 * surprise + 0.35 * fear + 0.3 * angry, 1.0 * happy, 1.0 * sad + 0.6 * angry + 0.6 * disgust, 0.6 * surprise);
    f.rest = vec4(0.7 * fear + 0.6 * angry, 1.0 * disgust + 0.5 * angry, 0.0, -0.5 * sad);
    vec4 own[4] = vec4[4](u_expression[4 * who], u_expression[4 * who + 1], u_expression[4 * who + 2], u_expression[4 * who + 3]);
    f.brow = clamp(f.brow * much + own[0], vec4(0.0, 0.0, 0.0, -1.0), vec4(1.0));
    f.eye = clamp(f.eye * much + own[1], 0.0, 1.0);
    f.mouth = clamp(f.mouth * much + own[2], 0.0, 1.0);
    f.rest = clamp(f.rest * much + own[3], vec4(0.0, 0.0, -1.0, -1.0), vec4(1.0));
    return f;
}
