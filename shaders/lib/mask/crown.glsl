// mask_strip: where one of the strips round a mask grows and how: petals of joy, horns, tears, shards, drips or rings, and all between.
// Needs lib/frame, mask/rig (face, mood), mask/outline, mask/openings, noise/hash, noise/lots. n of `all` strips; units of the face's half
// height, in the mask's own room. Range: roots within [-2, 2]. Idea: each mood says of a strip its root, way, bend, width and
// form; what is felt mixes the numbers, not the points, so that a petal becomes a tear without falling apart.
struct Strip { vec3 root, way, bend; float wide, tip, bead, free; };  // tip 0 a rod, 1 a point; bead: thick at its end; free: turned to the eye
Strip mixed(Strip a, float share, Strip b) {
    return Strip(a.root + share * b.root, a.way + share * b.way, a.bend + share * b.bend, a.wide + share * b.wide, a.tip + share * b.tip,
                 a.bead + share * b.bead, a.free + share * b.free);
}
Strip mask_strip(int n, int all) {
    vec4 r = lots(n + int(u_self[u_shape].x * 977.0));
    float turn = 6.2831853 * (float(n) + 0.5) / float(all), time = u_feels[u_shape].z;
    vec2 out_ = vec2(sin(turn), cos(turn));
    vec2 half_ = vec2(mask_half(out_.y).x, mask_half(out_.y).y), rim = out_ * half_;
    float odd = float(n & 1), upper = smoothstep(-0.5, 0.9, out_.y), side = out_.x < 0.0 ? -1.0 : 1.0, still = 1.0 - face[4].w;
    Strip strip = Strip(vec3(0.0), vec3(0.0), vec3(0.0), 0.0, 0.0, 0.0, 0.0);
    if (mood[0].x > 0.001) {
        // Two horns and a jagged crown that thrusts forward.
        float horn = float(n == all / 12 || n == all - 1 - all / 12);
        vec3 way = vec3(out_ * (0.10 + 0.34 * r.x * (0.3 + 0.7 * upper)), 0.10 + 0.20 * r.y);
        way = mix(way, vec3(side * 0.70, 0.24, 0.05), horn);
        vec3 bend = mix(vec3(0.04 * (r.z - 0.5), 0.08 * upper, 0.12), vec3(-side * 0.40, 0.68, 0.35), horn);
        strip = mixed(strip, mood[0].x, Strip(vec3(rim * mix(0.95, 0.86, horn), -0.26 + 0.25 * horn), way, bend,
            mix(0.070 + 0.05 * r.w, 0.15, horn), 1.0, 0.0, 0.0));
    }
    if (mood[0].y > 0.001) {
        // Clots that hang and drip, thickest at one side.
        float low = 1.0 - upper, long_ = (0.04 + 0.75 * r.x * r.x * low) * (1.0 + 0.35 * side), drool = float(n % 7 == 2);
        vec3 root = mix(vec3(rim * (0.90 + 0.05 * r.y), -0.22), vec3(0.16 + 0.14 * r.z, MASK_MOUTH - 0.05, 0.40), drool);
        vec3 way = mix(vec3(out_ * 0.05, 0.05), vec3(0.0, -0.12, 0.03), drool);
        long_ += drool * (0.15 + 0.35 * r.w);
        strip = mixed(strip, mood[0].y, Strip(root, way, vec3(0.03 * sin(time * 0.6 + 9.0 * r.z), -long_, 0.0),
            mix(0.055 + 0.06 * r.y * r.y, 0.042, drool), 0.15, 1.0, 0.7));
    }
    if (mood[0].z > 0.001) {
        // A broken shell that closes round the face, and splinters of it that have come off.
        vec2 round_ = vec2(out_.y, -out_.x);
        float off = odd * (0.20 + 0.25 * r.z), shut = 0.03 * sin(time * 3.0 + 20.0 * r.y), long_ = mix(0.46, 0.16, odd);
        strip = mixed(strip, mood[0].z, Strip(vec3(rim * (1.08 + 0.10 * r.x + off + shut) - round_ * 0.5 * long_, -0.16 + 0.30 * r.w + 0.1 * upper),
            vec3(round_ * long_ + out_ * 0.16 * (r.x - 0.5), 0.16 * (r.y - 0.5)), vec3(-out_ * 0.05, 0.0), mix(0.15 + 0.11 * r.w, 0.06, odd), 1.6, 0.0, 0.0));
    }
    if (mood[0].w > 0.001) {
        // Petals of a sun, long and short, that rise.
        float long_ = mix(0.60, 0.40, odd) * (0.62 + 0.48 * upper) * (1.0 + 0.05 * sin(time * 1.7 + 3.0 * turn));
        strip = mixed(strip, mood[0].w, Strip(vec3(rim * 0.93, -0.24 - 0.05 * odd), vec3(out_ * long_, 0.16), vec3(-0.05 * out_.y, 0.05 * out_.x + 0.10, -0.20),
            mix(0.125, 0.10, odd), 1.0, 0.0, 0.0));
    }
    if (mood[1].x > 0.001) {
        // Long strands fall from the rim like a veil; every fourth is a tear before the face.
        float tears = float(n % 4 == 1), fall = 0.35 + 0.75 * r.x + 0.5 * abs(out_.x);
        vec3 root = vec3(rim * 0.97, -0.26), way = vec3(out_ * 0.12 * vec2(1.0, 0.5), -0.05);
        root = mix(root, vec3(side * (MASK_EYE.x + 0.16 * (r.y - 0.5)), MASK_EYE.y - 0.07, 0.34), tears);
        way = mix(way, vec3(side * 0.03, -0.10, 0.05), tears);
        strip = mixed(strip, mood[1].x, Strip(root, way, vec3(0.02 * sin(time * 0.5 + 8.0 * r.z), -fall - 0.2 * tears, 0.0), mix(0.026, 0.040, r.w), 0.10, 1.0, 0.8));
    }
    float ring_n = float(n % 3), segment = 6.2831853 * 3.0 / float(all);
    float first = 6.2831853 * float(n / 3) * 3.0 / float(all) + 0.4 * ring_n;
    vec2 start = vec2(sin(first), cos(first)), along = vec2(start.y, -start.x);
    if (mood[1].y > 0.001) {
        // Rings that spring from the open mouth of the moment.
        float r0 = (1.12 + 0.19 * ring_n) * (1.0 + 0.03 * sin(time * 2.2 - 1.3 * ring_n));
        vec2 oval = r0 * vec2(0.92, 1.0);
        strip = mixed(strip, mood[1].y, Strip(vec3(start * oval + vec2(0.0, 0.02), -0.35 - 0.10 * ring_n), vec3(along * sin(segment) * oval, 0.0),
            vec3(-start * (1.0 - cos(segment)) * oval, 0.0), 0.042 - 0.008 * ring_n, 0.0, 0.0, 0.0));
    }
    if (mood[1].z > 0.001) {
        // One thin hoop behind a calm face, still thinner in sleep.
        float r0 = 1.16;
        strip = mixed(strip, mood[1].z, Strip(vec3(start * r0, -0.40), vec3(along * sin(segment) * r0, 0.0), vec3(-start * (1.0 - cos(segment)) * r0, 0.0),
            (ring_n < 0.5 ? 0.020 : 0.0) * (0.35 + 0.65 * still), 0.0, 0.0, 0.0));
    }
    float carved = smoothstep(0.05, 0.5, mood[1].w);
    strip.wide *= mix(clamp(mood[1].x * float(n % 4 == 1), 0.0, 1.0), 1.0, carved);
    return strip;
}
