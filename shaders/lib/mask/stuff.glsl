// Stuff, mask_wood, mask_stuff: what a mask is made of at a place: wood with its rings, paint or lacquer worn off its crests, leaf of gold,
// bronze under its patina. Needs lib/frame, mask/rig (mood), noise/swell3. p: the place in the mask's room, z its height; height: of the
// relief alone; crest and rim [0, 1]: how far it stands out, and lies at the border; cut: the line that is cut there [0, 1]; hair [0, 1]; grey: two readings of the worn picture [0, 1], one drawn out along the face.
// Range: linear RGB, roughness [0.05, 1], metal [0, 1]. Idea: layers, one over the other, each worn through where hands and years have been; rings
// of a trunk that stands behind the face run as contours over what is carved out of it.
struct Stuff { vec3 colour; float rough; float metal; };
vec3 mask_wood() {
    return mix(vec3(0.235, 0.120, 0.055), 1.3 * u_own_palette[u_shape * 4 + 1] + 0.03, 0.40);
}
Stuff mask_stuff(vec3 p, float height, float crest, float rim, float cut, float hair, vec2 grey) {
    vec3 accent = u_own_palette[u_shape * 4 + 3], middle = u_own_palette[u_shape * 4 + 2], deep = u_own_palette[u_shape * 4 + 1];
    float angry = mood[0].x, disgust = mood[0].y, fear = mood[0].z, happy = mood[0].w, sad = mood[1].x, surprise = mood[1].y, calm = mood[1].z;
    float a = swell3(vec3(p.xy * vec2(2.3, 1.6), 1.0 + 3.0 * u_self[u_shape].x)), b = swell3(vec3(p.xy * vec2(6.1, 4.7) + a, 2.0)), c = swell3(vec3(p.xy * 17.0 + b, 3.0));
    float cloud = 0.9 * a + 0.6 * b + 0.45 * c;
    // Wood.
    float ring = 15.0 * length(vec2(p.x - 0.30, p.z + 1.05 + 0.12 * p.y)) + 0.30 * a, at = fract(ring);
    float late = smoothstep(0.20, 0.85, at) * smoothstep(1.0, 0.88, at), seen = smoothstep(0.75, 0.30, fwidth(ring));
    vec3 wood = mask_wood() * (1.25 - 0.60 * mix(0.4, late, seen)) * (0.62 + 0.85 * grey.y);
    // Paint: worn through where it stands out and where it was thin.
    vec3 chalk = mix(middle, vec3(0.74, 0.67, 0.57), 0.75), red = mix(middle, vec3(0.20, 0.010, 0.006), 0.72), bone = mix(middle, vec3(0.50, 0.46, 0.40), 0.50);
    vec3 moss = mix(mix(middle, deep, 0.35), accent, 0.55 * smoothstep(0.05, 0.40, b + 0.3 * c)), glaze = mix(middle, vec3(0.74, 0.60, 0.52), 0.55);
    vec3 paint = calm * chalk + angry * red + fear * bone + disgust * moss + surprise * glaze + happy * mix(0.6 * accent, vec3(0.74, 0.36, 0.07), 0.85) + sad * mix(middle, vec3(0.13, 0.34, 0.35), 0.45);
    float worn_by = 0.40 + 0.42 * cloud + 0.22 * crest + 0.55 * rim, thick = calm * 0.95 + angry * 0.62 + fear * 0.66 + disgust * 0.80 + surprise * 0.80 + happy * 1.25 + sad * 0.46;
    worn_by += 0.35 * (grey.y - 0.45) + 0.10 * c;
    float there = smoothstep(thick + 0.14, thick - 0.10, worn_by), thin = smoothstep(0.34, 0.0, thick - worn_by);
    // The paint has crazed, and the wood has opened along its grain.
    float craze = smoothstep(0.05, 0.0, abs(c + 0.4 * b)) * (0.6 * angry + 0.4 * surprise) * there;
    float along = p.x * 4.3 + 0.22 * a + 0.03 * b, open = smoothstep(0.020, 0.004, abs(fract(along) - 0.5) / 4.3) * smoothstep(0.70, 1.0, sin(floor(along) * 2.7 + p.y * 2.1)) * (1.0 - 0.9 * calm);
    // Where bronze is, patina lies in its hollows and runs down.
    vec3 under = mix(wood * (1.0 - 0.6 * angry), vec3(0.30, 0.20, 0.11), sad);
    Stuff s = Stuff(mix(under, mix(paint, mix(paint, wood, 0.45), thin) * (0.70 + 0.55 * grey.x) * (1.0 + 0.22 * cloud), there), 0.0, 0.0);
    s.rough = mix(mix(0.58, 0.34, sad), calm * 0.36 + angry * 0.24 + fear * 0.80 + disgust * 0.27 + surprise * 0.22 + happy * 0.36 + sad * 0.85, there);
    s.metal = mix(0.85 * sad, 0.60 * happy, there);
    // Grime in what is cut and in every hollow.
    float grime = clamp(smoothstep(0.06, -0.14, height) * 0.75 + 0.8 * cut, 0.0, 1.0) * (1.0 - 0.7 * happy);
    s.colour *= mix(vec3(1.0), mix(vec3(0.30, 0.24, 0.20), paint, 0.25), grime * (1.0 - 0.6 * sad));
    s.colour *= (1.0 - 0.22 * craze) * (1.0 - 0.50 * open * (1.0 - 0.5 * happy));
    // Hair is black lacquer; a sun has none.
    hair *= 1.0 - happy;
    s.colour = mix(s.colour, mix(vec3(0.020, 0.016, 0.014), deep * 0.22, 0.5) + (0.30 - 0.29 * calm) * wood * smoothstep(0.2, 0.8, worn_by), 0.92 * hair);
    s.rough = mix(s.rough + 0.12 * thin, 0.42, hair);
    s.metal *= 1.0 - hair;
    return s;
}
