// swept, bent: a tube along a bent limb (a quadratic Bezier curve), its radius running from one end to the other.
// a, b, c: start, handle, end (xyz) and radius there (w). Gives the distance, and in t where along the limb the nearest
// point lies, [0, 1]. Close to exact for limbs that bend less than a right angle; at sharper bends it is a bound that a march
// with steps of 0.8 stands.
// Idea: begin at the nearest point of the polygon a, middle, c and go down the slope of the squared distance once
// (Gauss and Newton), instead of solving the cubic.
vec3 bent(vec3 a, vec3 b, vec3 c, float t) { return mix(mix(a, b, t), mix(b, c, t), t); }
float swept(vec3 p, vec4 a, vec4 b, vec4 c, out float t) {
    vec3 p0 = a.xyz - p, slope = 2.0 * (b.xyz - a.xyz), bend = a.xyz - 2.0 * b.xyz + c.xyz;
    vec3 middle = 0.25 * (a.xyz + c.xyz) + 0.5 * b.xyz, first = middle - a.xyz, last = c.xyz - middle, from = p - middle;
    float h0 = clamp(dot(-p0, first) / dot(first, first), 0.0, 1.0);
    float h1 = clamp(dot(from, last) / dot(last, last), 0.0, 1.0);
    vec3 e0 = p0 + first * h0, e1 = last * h1 - from;
    t = dot(e0, e0) < dot(e1, e1) ? 0.5 * h0 : 0.5 + 0.5 * h1;
    vec3 off = p0 + t * (slope + t * bend), along = slope + 2.0 * t * bend;
    t = clamp(t - dot(off, along) / dot(along, along), 0.0, 1.0);
    off = p0 + t * (slope + t * bend);
    float radius = mix(mix(a.w, b.w, t), mix(b.w, c.w, t), t);
    return length(off) - radius;
}
