// glass: the room seen through a face of a crystal: bent at the face, thrown back by one on the far side.
// Needs light/environment, lib/frame. n (of the flat face), v, axis (the crystal's) unit vectors; roughness [0.05, 1];
// returns linear RGB, [0, inf). Idea: refraction by Snell's law (index 1.5), then a mirror on the nearest of six planes
// round the axis instead of a trace through the body; colours part a little where the quality allows it.
vec3 inner_way(vec3 n, vec3 v, vec3 axis, float ratio) {
    vec3 ray = refract(-v, n, ratio);
    vec3 side = normalize(cross(axis, abs(axis.y) < 0.9 ? vec3(0.0, 1.0, 0.0) : vec3(1.0, 0.0, 0.0)));
    vec3 other = cross(side, axis);
    float angle = atan(dot(ray, other), dot(ray, side));
    float face = (floor(angle / 1.0471976) + 0.5) * 1.0471976;
    return reflect(ray, cos(face) * side + sin(face) * other);
}
vec3 glass(vec3 n, vec3 v, vec3 axis, float roughness) {
    vec3 seen = environment(inner_way(n, v, axis, 0.667), roughness);
    if (u_detail > 0.9) {
        seen.r = environment(inner_way(n, v, axis, 0.690), roughness).r;
        seen.b = environment(inner_way(n, v, axis, 0.640), roughness).b;
    }
    return seen;
}
