// even_lots: four numbers of a thing that is known by its number, spread evenly over all things: each falls into a large gap.
// Range: [0, 1) each; the same on every machine. Source: the R4 sequence (Roberts 2018), in whole numbers, which wrap without loss.
vec4 even_lots(int n) {
    return vec4((uvec4(uint(n + 1)) * uvec4(3679390609u, 3152041523u, 2700274805u, 2313257605u) + 0x80000000u) >> 8u) / 16777216.0;
}
