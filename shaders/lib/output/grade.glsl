// grade: a picture's colour (sRGB) as this output has to send it, dithered. at: place in its part, [0, 1]; weight: its
// share of the light and whether a soft edge is there (see edge_weight; elsewhere 1, 0). Range: [0, 1], encoded for the
// display. Idea: light adds up on the wall, so gains, soft edge and black are worked in linear light; only then it is
// encoded again (sRGB, and the display's departure from it as an exponent).
#include "lib/colour/srgb.glsl"
#include "lib/noise/hash.glsl"
#include "lib/output/feather.glsl"
uniform float u_gamma, u_black, u_feather;
uniform vec3 u_gain;
vec3 grade(vec3 encoded, vec2 at, vec2 weight) {
    vec3 light = min(to_linear(encoded) * u_gain, 1.0);
    light = mix(light, vec3(1.0), u_black * (1.0 - weight.y));
    light *= weight.x * mix(1.0, feather(at), u_feather);
    vec3 signal = pow(to_srgb(light), vec3(1.0 / u_gamma));
    // Half a step at most: what lies on a step, black above all, stays there.
    float noise = hash_lattice(ivec3(ivec2(gl_FragCoord.xy), 0)) - 0.5;
    return signal + noise * (0.998 / 255.0);
}
