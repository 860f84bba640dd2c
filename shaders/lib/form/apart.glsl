// apart: where the form of the drawn shape stands so that it keeps a gap to the others': x, y and a factor on its size. Needs lib/frame.
// wide: a form's half width at a scale of 1. Range: x within the picture's, factor [0.4, 1]. Idea: each pair shares what is missing between
// them, two thirds by stepping aside, the rest by being smaller; who goes or comes does so by its presence, so nothing jumps.
vec3 apart(float wide) {
    vec4 own = u_place[u_shape];
    float aside = 0.0, factor = 1.0;
    for (int i = 0; i < u_people; i++) {
        if (i == u_shape) continue;
        vec4 other = u_place[i];
        float off = own.x - other.x, way = off + (u_shape > i ? 0.02 : -0.02), wanted = wide * (own.z + other.z) + 0.10;
        float missing = max(wanted - abs(off), 0.0) * smoothstep(0.0, 0.5, other.w);
        aside += clamp(way / 0.1, -1.0, 1.0) * 0.34 * missing;
        factor = min(factor, 1.0 - 0.35 * missing / wanted);
    }
    return vec3(clamp(own.x + aside, -1.45, 1.45), own.y, max(factor, 0.4));
}
