// fibonacci_way: the n-th of count directions that cover the sphere evenly. Range: unit vectors; n [0, count). Source: the golden angle by equal heights.
vec3 fibonacci_way(float n, float count) {
    float y = 1.0 - 2.0 * (n + 0.5) / count, r = sqrt(max(1.0 - y * y, 0.0)), a = n * 2.39996323;
    return vec3(r * cos(a), y, r * sin(a));
}
