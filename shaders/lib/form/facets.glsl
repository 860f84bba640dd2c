// Facets, facets_of, facets_corner, facets_through, facets_inside, facets_out: a crystal as what twelve planes leave over, and a ray's way through it. Room: the crystal's own,
// y along it from the root, its radius is 1. tall: length over radius; slope: how steep the tip's faces are; flat_by (0, 1]: 1 round, less a
// blade; taper: how much it narrows in one radius of length; random [0, 1). facets_corner: the hull's corner that the mesh's vertex (of fourteen)
// stands for, wider by margin. facets_through: o, d: the ray, unit d. Range: lengths in radii; enter > leave where the ray misses. facets_out: from a point o inside, only
// the way out: how far, how much farther the plane after it is, and the face it leaves by.
// Idea: the angles between faces are always those of the mineral, only their distances differ (Steno 1669): three faces of the tip are large and three small, so that no
// tip is a pencil's; a ray is cut by half-spaces (Kay and Kajiya 1986), which gives edges without a jagged pixel.
struct Facets { vec3 wide_a, wide_b, tip_a, tip_b; float slope, taper; };
struct Way { float enter, next, leave, after; vec3 face, beside, back, beyond; };
const vec2 FACE_AWAY[3] = vec2[3](vec2(0.8660254, 0.5), vec2(0.0, 1.0), vec2(-0.8660254, 0.5));
Facets facets_of(float random, float tall, float slope, float flat_by, float taper) {
    vec3 a = fract(random * vec3(7.31, 13.17, 23.71)), b = fract(random * vec3(17.93, 31.37, 41.11)), c = fract(random * vec3(53.3, 61.7, 71.9));
    vec3 wide_a = 1.0 - 0.30 * a, wide_b = 1.0 - 0.30 * b;
    wide_a.y *= flat_by;
    wide_b.y *= flat_by;
    float s = min(slope, 0.9 * tall);
    // Faces 1, 3 and 5 of the way round are the large ones.
    return Facets(wide_a, wide_b, tall - s * vec3(0.04 + 0.34 * c.x, -0.14 - 0.22 * a.y, 0.04 + 0.34 * c.y), tall - s * vec3(-0.14 - 0.22 * b.y, 0.04 + 0.34 * c.z, -0.14 - 0.22 * a.z), s, taper);
}
vec3 facets_corner(Facets f, int vertex, float margin, bool mirrored) {
    float wide[6] = float[6](f.wide_a.x, f.wide_a.y, f.wide_a.z, f.wide_b.x, f.wide_b.y, f.wide_b.z);
    float tip[6] = float[6](f.tip_a.x, f.tip_a.y, f.tip_a.z, f.tip_b.x, f.tip_b.y, f.tip_b.z);
    float highest = 0.0;
    for (int k = 0; k < 6; k++) highest = max(highest, tip[k]);
    if (vertex > 11) return vec3(0.0, vertex > 12 ? highest + 2.0 * margin : -margin, 0.0);
    int corner = vertex % 6;
    if (mirrored) corner = (6 - corner) % 6;
    int k = (corner + 5) % 6;
    float y = vertex < 6 ? -margin : max(tip[k] - f.slope * wide[k], tip[corner] - f.slope * wide[corner]) + 2.0 * margin;
    float w = wide[k] - f.taper * y + margin, v = wide[corner] - f.taper * y + margin, turn = 1.0471976 * float(corner);
    vec2 u = vec2(cos(turn), sin(turn)), across = u * (w + v) * 0.5773503 + vec2(-u.y, u.x) * (v - w);
    return vec3(across.x, y, across.y);
}
void facets_cut(vec3 n, float h, vec3 o, vec3 d, inout Way w) {
    float along = dot(n, d), t = (h - dot(n, o)) / (abs(along) < 1e-5 ? 1e-5 : along);
    if (along < 0.0) {
        if (t > w.enter) {
            w.next = w.enter;
            w.beside = w.face;
            w.enter = t;
            w.face = n;
        } else if (t > w.next) {
            w.next = t;
            w.beside = n;
        }
    } else if (t < w.leave) {
        w.after = w.leave;
        w.beyond = w.back;
        w.leave = t;
        w.back = n;
    } else if (t < w.after) {
        w.after = t;
        w.beyond = n;
    }
}
// How many pixels of size pixel the ray is inside: the way's ends part from pixel to pixel as the planes' normals say, without a derivative,
// which would jump from face to face.
float facets_inside(Way w, vec3 d, float pixel) {
    vec3 front = w.face / dot(w.face, d), back = w.back / dot(w.back, d);
    float a = (w.leave - w.enter) / length(front - back), b = (w.after - w.enter) / length(front - w.beyond / dot(w.beyond, d));
    return min(min(a, b), (w.leave - w.next) / length(w.beside / dot(w.beside, d) - back)) / pixel;
}
Way facets_through(Facets f, vec3 o, vec3 d) {
    Way w = Way(-1e4, -1e4, 1e4, 1e4, vec3(0.0, 1.0, 0.0), vec3(0.0, 1.0, 0.0), vec3(0.0, 1.0, 0.0), vec3(0.0, 1.0, 0.0));
    float steep = inversesqrt(1.0 + f.slope * f.slope), lean = inversesqrt(1.0 + f.taper * f.taper);
    for (int k = 0; k < 3; k++) {
        vec3 m = vec3(FACE_AWAY[k].x, 0.0, FACE_AWAY[k].y);
        facets_cut((m + vec3(0.0, f.taper, 0.0)) * lean, f.wide_a[k] * lean, o, d, w);
        facets_cut((vec3(0.0, f.taper, 0.0) - m) * lean, f.wide_b[k] * lean, o, d, w);
        facets_cut((f.slope * m + vec3(0.0, 1.0, 0.0)) * steep, f.tip_a[k] * steep, o, d, w);
        facets_cut((vec3(0.0, 1.0, 0.0) - f.slope * m) * steep, f.tip_b[k] * steep, o, d, w);
    }
    facets_cut(vec3(0.0, -1.0, 0.0), 0.0, o, d, w);
    return w;
}
void facets_past(vec3 n, float h, vec3 o, vec3 d, inout vec2 out_at, inout vec3 back) {
    float along = dot(n, d), t = along > 1e-4 ? (h - dot(n, o)) / along : 1e4;
    back = t < out_at.x ? n : back;
    out_at = t < out_at.x ? vec2(t, out_at.x) : vec2(out_at.x, min(out_at.y, t));
}
vec2 facets_out(Facets f, vec3 o, vec3 d, out vec3 back) {
    vec2 out_at = vec2(1e4);
    float steep = inversesqrt(1.0 + f.slope * f.slope), lean = inversesqrt(1.0 + f.taper * f.taper);
    back = vec3(0.0, 1.0, 0.0);
    for (int k = 0; k < 3; k++) {
        vec3 m = vec3(FACE_AWAY[k].x, 0.0, FACE_AWAY[k].y);
        facets_past((m + vec3(0.0, f.taper, 0.0)) * lean, f.wide_a[k] * lean, o, d, out_at, back);
        facets_past((vec3(0.0, f.taper, 0.0) - m) * lean, f.wide_b[k] * lean, o, d, out_at, back);
        facets_past((f.slope * m + vec3(0.0, 1.0, 0.0)) * steep, f.tip_a[k] * steep, o, d, out_at, back);
        facets_past((vec3(0.0, 1.0, 0.0) - f.slope * m) * steep, f.tip_b[k] * steep, o, d, out_at, back);
    }
    facets_past(vec3(0.0, -1.0, 0.0), 0.0, o, d, out_at, back);
    return vec2(out_at.x, out_at.y - out_at.x);
}
