// mask_painted: what a brush has put on a mask last, over its ground: in calm brows smudged high on the forehead, lips and lids touched with colour, warm
// cheeks, as on a Noh mask; red lips in joy. Needs lib/frame, mask/rig (mood), mask/outline. colour: of the ground; q in units of the face's half height; eye, mouth
// and m as mask_eye and mask_mouth give them there. Range: linear RGB. Idea: few soft touches that follow what is carved.
vec3 mask_painted(vec3 colour, vec2 q, vec3 eye, float mouth, vec2 m) {
    float calm = mood[1].z, happy = mood[0].w, ax = abs(q.x), grey = dot(colour, vec3(0.2126, 0.7152, 0.0722));
    vec3 deep = u_own_palette[u_shape * 4 + 1];
    vec2 off = vec2(ax - 0.28, q.y - 0.60 - 0.14 * (ax - 0.28));
    float brow = exp(-dot(off / vec2(0.120, 0.040), off / vec2(0.120, 0.040)));
    colour = mix(colour, mix(vec3(0.045, 0.038, 0.036), deep * 0.4, 0.4), 0.80 * calm * brow);
    // Lips, lids and cheeks.
    float lips = smoothstep(0.02, 0.14, mask_lips(mouth, m)), lid = smoothstep(-0.030, -0.014, eye.x) * smoothstep(-0.020, 0.0, eye.z) * step(abs(eye.y), 0.24);
    vec3 red = mix(vec3(0.26, 0.030, 0.022), deep, 0.25) * (0.4 + grey);
    colour = mix(colour, red, clamp((0.85 * calm + 0.85 * happy) * lips, 0.0, 1.0));
    colour = mix(colour, vec3(0.030, 0.022, 0.020), 0.9 * clamp(calm + happy, 0.0, 1.0) * lid);
    vec2 cheek = vec2(ax - 0.40, q.y + 0.16) / vec2(0.24, 0.17);
    colour *= mix(vec3(1.0), vec3(1.02, 0.80, 0.72), (0.55 * calm + 0.5 * happy) * exp(-dot(cheek, cheek)));
    return colour;
}
