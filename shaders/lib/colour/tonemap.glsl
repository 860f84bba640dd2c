// tonemap: linear light of any brightness to displayable linear light.
// Range: [0, inf) to [0, 1]. Idea: the ACES-like filmic curve in Narkowicz's (2016) rational fit; highlights roll off and
// bright saturated colours are first drawn a little towards white, as film does, so that they do not clip to one channel.
vec3 tonemap(vec3 c) {
    float peak = max(c.r, max(c.g, c.b));
    c = mix(c, vec3(peak), 0.28 * smoothstep(0.8, 5.0, peak));
    return clamp((c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14), 0.0, 1.0);
}
