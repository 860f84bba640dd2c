// Stuff, mask_wood, mask_stuff: what a mask is made of at a place: wood with its rings, paint or lacquer worn off its crests, leaf of gold,
// bronze under its patina. Needs lib/frame, mask/rig (mood), noise/swell3. p: the place in the mask's room, z its height; height: of the
// relief alone; crest [0, 1]: how far it stands out; cut: the line that is cut there [0, 1]; hair [0, 1]; grey: two readings of the worn picture [0, 1], one drawn out along the face.
// Range: linear RGB, roughness [0.05, 1], metal [0, 1]. Idea: layers, one over the other, each worn through where hands and years have been; rings
// of a trunk that stands behind the face run as contours over what is carved out of it.
struct Stuff { vec3 colour; float rough; float metal; };
vec3 mask_wood() {
    return mix(vec3(0.235, 0.120, 0.055), 1.3 * u_own_palette[u_shape * 4 + 1] + 0.03, 0.40);
}
Stuff mask_stuff(vec3 p, float height, float crest, float cut, float hair, vec2 grey) {
    vec3 accent = u_own_palette[u_shape * 4 + 3], middle = u_own_palette[u_shape * 4 + 2], deep = u_own_palette[u_shape * 4 + 1];
    float angry = mood[0].x, disgust = mood[0].y, fear = mood[0].z, happy = mood[0].w, sad = mood[1].x, surprise = mood[1].y, calm = mood[1].z;
    float drift = swell3(vec3(p.xy * vec2(2.1, 1.1), 1.0 + 3.0 * u_self[u_shape].x)), fine = swell3(vec3(p.xy * 7.0, 4.0));
    // Wood.
    float ring = 15.0 * length(vec2(p.x - 0.30, p.z + 1.05 + 0.12 * p.y)) + 0.30 * drift, at = fract(ring);
    float late = smoothstep(0.20, 0.85, at) * smoothstep(1.0, 0.88, at), seen = smoothstep(0.75, 0.30, fwidth(ring));
    vec3 wood = mask_wood() * (1.25 - 0.60 * mix(0.4, late, seen)) * (0.62 + 0.85 * grey.y);
    // Paint: worn through where it stands out and where it was thin.
    vec3 chalk = mix(middle, vec3(0.80, 0.74, 0.64), 0.62), red = mix(middle, vec3(0.50, 0.022, 0.010), 0.45), bone = mix(middle, vec3(0.62, 0.58, 0.52), 0.55);
    vec3 moss = mix(middle, mix(deep, accent, 0.30), 0.45), glaze = mix(middle, vec3(0.90, 0.82, 0.78), 0.45);
    vec3 paint = calm * chalk + angry * red + fear * bone + disgust * moss + surprise * glaze + happy * mix(accent, vec3(1.0, 0.60, 0.20), 0.62) + sad * mix(middle, vec3(0.20, 0.42, 0.42), 0.35);
    float worn_by = 0.75 * crest + 0.42 * (grey.x - 0.45) + 0.22 * drift + 0.10 * fine;
    float thick = calm * 0.66 + angry * 0.60 + fear * 0.36 + disgust * 0.42 + surprise * 0.72 + happy * 0.70 + sad * 0.40;
    float there = smoothstep(thick + 0.10, thick - 0.08, worn_by);
    // Where bronze is, patina lies in its hollows and runs down.
    vec3 under = mix(wood, vec3(0.44, 0.27, 0.13), sad);
    Stuff s = Stuff(mix(under, paint * (0.80 + 0.40 * grey.x), there), 0.0, 0.0);
    s.rough = mix(mix(0.58, 0.34, sad), calm * 0.52 + angry * 0.24 + fear * 0.80 + disgust * 0.40 + surprise * 0.22 + happy * 0.33 + sad * 0.85, there);
    s.metal = mix(0.85 * sad, 0.80 * happy, there);
    // Grime in what is cut and in every hollow.
    float grime = clamp(smoothstep(0.06, -0.14, height) * 0.75 + 0.8 * cut, 0.0, 1.0) * (1.0 - 0.7 * happy);
    s.colour *= mix(vec3(1.0), mix(vec3(0.30, 0.24, 0.20), paint, 0.25), grime * (1.0 - 0.6 * sad));
    // Hair is black lacquer.
    s.colour = mix(s.colour, mix(vec3(0.020, 0.016, 0.014), deep * 0.22, 0.5) + 0.10 * wood * smoothstep(0.3, 0.7, worn_by), hair);
    s.rough = mix(s.rough, 0.30, hair);
    s.metal *= 1.0 - hair;
    return s;
}
