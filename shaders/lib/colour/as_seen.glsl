// as_seen: the light that the screen shows as a given colour: the way back through colour/tonemap.
// Range: linear RGB [0, 1] to light [0, 3]. Source: fitted to tonemap over the colours of 60 paintings: 0.013 of the screen's range
// apart in the mean, more only near white, which would glow over.
vec3 as_seen(vec3 c) {
    vec3 s = max(mix(vec3(dot(c, vec3(0.2126, 0.7152, 0.0722))), c, 0.732), 0.0), root = sqrt(s);
    return 0.746 * root * sqrt(root) / max(1.0 - 1.08 * s, 0.26);
}
