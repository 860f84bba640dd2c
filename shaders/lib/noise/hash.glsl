// hash11, hash_lattice, mix_bits: a well-mixed pseudo-random value of a number, a lattice point, or 32 bits.
// Range: [0, 1). Idea: integer mixing by multiply and xor-shift, exact on every GPU (no sin()).
uint mix_bits(uint x) {
    x ^= x >> 16; x *= 0x7feb352du; x ^= x >> 15; x *= 0x846ca68bu; x ^= x >> 16;
    return x;
}
float hash11(float x) { return float(mix_bits(floatBitsToUint(x)) >> 8) / 16777216.0; }
float hash_lattice(ivec3 p) {
    uint h = mix_bits(uint(p.x) + mix_bits(uint(p.y) + mix_bits(uint(p.z))));
    return float(h >> 8) / 16777216.0;
}
