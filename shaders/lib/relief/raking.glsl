// raking: where the light comes from that rakes over the cloth, a unit vector, z towards the viewer. Needs lib/frame, form/moods (moods_here
// or moods_are first). Range: length 1, z 0.3 to 0.6. Idea: each mood has its own side, low enough that every crease throws a shadow.
vec3 raking() {
    vec3 l = vec3(-0.72, 0.42, 0.40) * (MOOD[NEUTRAL] + MOOD[ASLEEP]) + vec3(-0.66, 0.54, 0.36) * MOOD[SAD] + vec3(0.58, -0.42, 0.38) * MOOD[ANGRY]
        + vec3(0.86, -0.20, 0.30) * MOOD[FEAR] + vec3(-0.48, 0.62, 0.40) * MOOD[DISGUST] + vec3(-0.46, 0.50, 0.52) * MOOD[HAPPY] + vec3(-0.66, 0.48, 0.38) * MOOD[SURPRISE];
    return normalize(l + vec3(0.0, 0.0, 0.05));
}
