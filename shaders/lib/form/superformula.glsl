// superformula: the radius of a supershape's outline by angle: m corners; n1 how deep, n2 and n3 how round they are.
// Range: above 0; 1 where cosine or sine is 1. For a closed outline round the whole circle m must be whole and n2 = n3.
// Source: Gielis 2003. Corners are rounded a little, so that a mesh of limited density can hold them.
float superformula(float angle, float m, float n1, float n2, float n3) {
    float c = cos(0.25 * m * angle), s = sin(0.25 * m * angle);
    return pow(pow(c * c + 0.006, 0.5 * n2) + pow(s * s + 0.006, 0.5 * n3), -1.0 / n1);
}
