// mask_painted: what a brush has put on a mask last, over its ground: in calm slender brows, lips and lids touched with colour, warm
// cheeks, as on a Noh mask; red lips in joy. Needs lib/frame, mask/rig (mood, face), mask/openings, mask/outline, mask/relief. colour: of the ground; q in units of the face's half height; eye, mouth
// and m as mask_eye and mask_mouth give them there. Range: linear RGB. Idea: few soft touches that follow what is carved.
vec3 mask_painted(vec3 colour, vec2 q, vec3 eye, float mouth, vec2 m) {
    float calm = mood[1].z, happy = mood[0].w, ax = abs(q.x), grey = dot(colour, vec3(0.2126, 0.7152, 0.0722));
    vec3 deep = u_own_palette[u_shape * 4 + 1];
    // Brows are one slender stroke each, on the edge that is carved for them.
    float right = mask_right(q.x), along = clamp((ax - 0.07) / 0.46, 0.0, 1.0), tall = 0.030 * sin(3.14159265 * min(along * 0.75 + 0.22, 1.0));
    float line = 0.325 + 0.15 * mix(mix(face[0].x, face[0].y, right), mix(face[0].z, face[0].w, right), along) + 0.085 * sin(3.14159265 * along) - 0.10 * along * along;
    float brow = smoothstep(tall + 0.006, tall - 0.010, abs(q.y - line)) * smoothstep(0.05, 0.09, ax) * smoothstep(0.56, 0.50, ax);
    colour = mix(colour, mix(vec3(0.040, 0.026, 0.020), deep * 0.3, 0.4), 0.88 * clamp(0.8 * calm + happy, 0.0, 1.0) * brow);
    // The fillet of a sun is red enamel between its beads; the stone in it is blue.
    colour = mix(colour, vec3(0.22, 0.012, 0.010), happy * smoothstep(0.046, 0.038, abs(mask_hair(q) + 0.012)));
    float stone = length(vec2(q.x, 0.8 * (q.y - 0.715))) - 0.062;
    colour = mix(colour, mix(u_counter, vec3(0.02, 0.10, 0.22), 0.75), clamp(calm + happy, 0.0, 1.0) * smoothstep(0.004, -0.004, stone));
    // Laughing draws lines from the corners of the eyes.
    vec2 corner = vec2(ax - 0.46, q.y - 0.13);
    float crow = abs(fract(2.6 * corner.y / max(corner.x, 0.02) + 0.5) - 0.5) * corner.x / 2.6;
    colour *= 1.0 - 0.75 * happy * smoothstep(0.008, 0.003, crow) * smoothstep(0.03, 0.06, corner.x) * smoothstep(0.20, 0.12, corner.x) * smoothstep(1.15, 0.9, abs(corner.y) / max(corner.x, 0.02));
    // Lips, lids and cheeks.
    float lips = smoothstep(0.02, 0.14, mask_lips(mouth, m)), lid = smoothstep(-0.030, -0.014, eye.x) * smoothstep(-0.020, 0.0, eye.z) * step(abs(eye.y), 0.24);
    vec3 red = mix(vec3(0.26, 0.030, 0.022), deep, 0.25) * (0.4 + grey);
    colour = mix(colour, red, clamp((0.62 * calm + 0.85 * happy) * lips, 0.0, 1.0));
    colour = mix(colour, vec3(0.030, 0.022, 0.020), 0.9 * clamp(calm + happy, 0.0, 1.0) * lid);
    vec2 cheek = vec2(ax - 0.40, q.y + 0.16) / vec2(0.24, 0.17);
    colour *= mix(vec3(1.0), vec3(1.02, 0.80, 0.72), (0.55 * calm + 0.5 * happy) * exp(-dot(cheek, cheek)));
    return colour;
}
