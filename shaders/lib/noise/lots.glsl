// lots: four random numbers of a thing that is known by its number. Needs noise/hash.
// Range: [0, 1) each, in steps of 1/65536; the same on every machine. Idea: one mixing of bits for two numbers.
vec4 lots(int n) {
    uint a = mix_bits(uint(n) + 0x9e3779b9u), b = mix_bits(a ^ 0x85ebca6bu);
    return vec4(float(a >> 16), float(a & 65535u), float(b >> 16), float(b & 65535u)) / 65536.0;
}
