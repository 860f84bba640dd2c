// KEY: where the key light comes from, a unit vector; low from one side where a look hides (closed and trembling). Needs lib/frame.
// Range: length 1. Idea: one lamp for every scene.
vec3 KEY = mix(vec3(-0.4503, 0.6754, 0.5854), vec3(0.846, 0.296, 0.444), smoothstep(0.20, 0.55, u_tremble * (1.0 - u_spread)));
