// smooth_union: two distances melted into one over the width k.
// Range: never above min(a, b). Idea: the polynomial smooth minimum (Quilez): subtract a bump where both are near.
float smooth_union(float a, float b, float k) {
    float h = max(k - abs(a - b), 0.0) / k;
    return min(a, b) - h * h * k * 0.25;
}
