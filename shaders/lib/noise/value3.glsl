// value_noise: smooth noise in space. Needs noise/hash.
// Range: [-1, 1], 0 on average, continuous with continuous slope.
// Idea: random values on the lattice, blended by a quintic so that neither value nor slope jumps (Perlin 2002's fade).
float value_noise(vec3 p) {
    ivec3 i = ivec3(floor(p));
    vec3 f = fract(p);
    vec3 u = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
    float a = mix(hash_lattice(i), hash_lattice(i + ivec3(1, 0, 0)), u.x);
    float b = mix(hash_lattice(i + ivec3(0, 1, 0)), hash_lattice(i + ivec3(1, 1, 0)), u.x);
    float c = mix(hash_lattice(i + ivec3(0, 0, 1)), hash_lattice(i + ivec3(1, 0, 1)), u.x);
    float d = mix(hash_lattice(i + ivec3(0, 1, 1)), hash_lattice(i + ivec3(1, 1, 1)), u.x);
    return mix(mix(a, b, u.y), mix(c, d, u.y), u.z) * 2.0 - 1.0;
}
