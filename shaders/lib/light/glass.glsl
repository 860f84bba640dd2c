// glass: what is seen in a crystal of six sides: the far faces through the near one, their edges, the light of its core.
// Needs light/environment_sharp, lib/frame. at: the point in the crystal's own room (across, from the root, across); ray: the unit ray
// bent into it, in that room; frame: its axes in the room; size: length, radius, how flat. Gives what is mirrored at
// the far face in rgb, linear [0, inf), and in far: length of the way through over the radius, edge [0, 1] (1 on an edge of a far
// face), core [0, 1] (1 where the ray meets the axis), height where it leaves [0, 1]; bevel [0, 1]: 1 on an edge of the near face.
// Idea: an exact way through a prism of three pairs of planes (slabs, Kay and Kajiya 1986) and a mirror there, instead of a trace.
vec3 glass(vec3 at, vec3 ray, mat3 frame, vec3 size, out vec4 far, out float bevel) {
    vec2 round_it = vec2(1.0, 1.0 / size.z);
    vec2 o = at.xz * round_it, d = ray.xz * round_it;
    float taper = mix(1.0, 0.35, smoothstep(0.6, 1.0, at.y / size.x));
    float wide = 0.88 * size.y * taper, first = 1e3, second = 1e3, skin = 1e3, edge = 1e3;
    vec2 face = vec2(1.0, 0.0);
    for (int k = 0; k < 3; k++) {
        vec2 m = k == 0 ? vec2(0.866, 0.5) : (k == 1 ? vec2(0.0, 1.0) : vec2(-0.866, 0.5));
        float along = dot(m, d), s = along < 0.0 ? -1.0 : 1.0;
        float to_plane = max(wide - abs(dot(m, o)), 0.0);
        edge = min(edge, max(to_plane, skin));
        skin = min(skin, to_plane);
        float t = max((wide - s * dot(m, o)) / max(abs(along), 1e-3), 0.0);
        if (t < first) {
            second = first;
            first = t;
            face = s * m;
        } else second = min(second, t);
    }
    first = min(first, 6.0 * size.y);
    bevel = 1.0 - smoothstep(0.0, 0.10, edge / wide);
    float across = abs(o.x * d.y - o.y * d.x) / max(length(d), 1e-3);
    far = vec4(first / size.y, 1.0 - smoothstep(0.0, 0.16 * size.y, second - first), exp(-9.0 * across * across / (wide * wide)),
               clamp((at.y + first * ray.y) / size.x, 0.0, 1.0));
    return environment_sharp(frame * reflect(ray, vec3(face.x, 0.0, face.y)));
}
