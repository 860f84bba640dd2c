// mask_strip: where one of the strips round a mask grows and how: raffia that bursts, hangs or lies round it, horns, and all between.
// Needs lib/frame, mask/rig (face, mood), mask/outline, noise/hash, noise/lots. n of `all` strips; units of the face's half
// height, in the mask's own room. Range: roots within [-2, 2]. Idea: each mood says of a strip its root, way, bend, width and
// form; what is felt mixes the numbers, not the points, so that one becomes another without falling apart. Lengths are log-normal, as hair's are.
struct Strip { vec3 root, way, bend; float wide, solid, hang; };  // solid: 0 a lock of raffia, 1 carved; hang: it falls straight, however the face is turned
Strip mixed(Strip a, float share, Strip b) {
    return Strip(a.root + share * b.root, a.way + share * b.way, a.bend + share * b.bend, a.wide + share * b.wide, a.solid + share * b.solid, a.hang + share * b.hang);
}
Strip mask_strip(int n, int all) {
    vec4 r = lots(n + int(u_self[u_shape].x * 977.0));
    float turn = 6.2831853 * (float(n) + 0.5 + 0.8 * (r.y - 0.5)) / float(all), time = u_feels[u_shape].z, far = exp(0.75 * (r.x + r.z + r.w - 1.5));
    vec2 out_ = vec2(sin(turn), cos(turn));
    vec2 half_ = vec2(mask_half(out_.y).x, mask_half(out_.y).y), rim = out_ * half_;
    float upper = smoothstep(-0.5, 0.9, out_.y), low = 1.0 - upper, side = out_.x < 0.0 ? -1.0 : 1.0, sway = sin(time * 0.6 + 9.0 * r.z);
    float under = 3.14159265 + 0.62 * (turn - 3.14159265);
    Strip strip = Strip(vec3(0.0), vec3(0.0), vec3(0.0), 0.0, 0.0, 0.0);
    if (mood[0].x > 0.001) {
        // Two horns of the same wood, and a mane that is thrown back.
        float horn = float(n == 0 || n == all - 1);
        vec3 way = vec3(out_ * 0.20 * far * (0.35 + 0.65 * upper), 0.02), bend = vec3(0.10 * (r.z - 0.5), 0.16 * far * upper, -0.10);
        way = mix(way, vec3(side * 0.62, 0.10, 0.10), horn);
        bend = mix(bend, vec3(-side * 0.30, 0.54, 0.06), horn);
        strip = mixed(strip, mood[0].x, Strip(mix(vec3(rim * 0.90, -0.24), vec3(side * 0.36, 0.70, 0.02), horn), way, bend,
            mix(0.15 + 0.06 * r.w, 0.088, horn), horn, 0.0));
    }
    if (mood[0].y > 0.001) {
        // Moss in clots, most of it at one side.
        float long_ = (0.06 + 0.34 * low * far * far) * (1.0 + 0.45 * side);
        strip = mixed(strip, mood[0].y, Strip(vec3(rim * 0.92, -0.22), vec3(out_ * 0.06, 0.03), vec3(0.03 * sway, -long_, 0.0), (0.08 + 0.08 * r.y) * smoothstep(0.25, 0.55, low), 0.0, 0.7));
    }
    if (mood[0].z > 0.001) {
        // Thin hair that stands on end.
        float there = step(0.35, r.w) * smoothstep(-0.2, 0.5, out_.y);
        strip = mixed(strip, mood[0].z, Strip(vec3(rim * 0.93, -0.24), vec3(out_ * 0.24 * far + 0.03 * vec2(sin(time * 3.0 + 20.0 * r.y), 0.0), -0.05),
            vec3(0.14 * (r.x - 0.5), 0.05, -0.04), 0.10 * there, 0.0, 0.0));
    }
    // Joy is a sun: gilded rays all round, long and short by turns; calm has a low crown of gilded leaves.
    if (mood[0].w + mood[1].z > 0.001) {
        float even = 6.2831853 * (float(n) + 0.5) / float(all), odd = mod(float(n), 2.0);
        vec2 ray = vec2(sin(even), cos(even)), at = ray * vec2(mask_half(ray.y).x, half_.y);
        strip = mixed(strip, mood[0].w, Strip(vec3(at * 0.93, -0.22), vec3(ray * mix(0.42, 0.24, odd), -0.02), vec3(0.0, 0.0, 0.05), mix(0.085, 0.070, odd), 1.0, 0.0));
        float over = smoothstep(0.20, 0.35, ray.y);
        strip = mixed(strip, mood[1].z, Strip(vec3(at * 0.95, -0.24), vec3(ray * mix(0.18, 0.27, odd) * over * (0.5 + 0.6 * ray.y), -0.02), vec3(0.0, 0.0, 0.06), mix(0.075, 0.062, odd) * over, 1.0, 0.0));
    }
    if (mood[1].x > 0.001) {
        // Long strands fall from temples and chin.
        vec2 from = vec2(rim.x * 0.93, min(rim.y, 0.28 - 0.5 * (r.x - 0.5)) * 0.93);
        strip = mixed(strip, mood[1].x, Strip(vec3(from.x, from.y, -0.26), vec3(side * 0.05 * (1.0 - 0.8 * low), 0.02, -0.03),
            vec3(0.03 * sway, -(0.40 + 0.34 * far), 0.0), 0.10, 0.0, 0.8));
    }
    if (mood[1].y > 0.001) {
        // A collar that flies up.
        vec2 from = vec2(sin(under) * mask_half(cos(under)).x, cos(under) * half_.y);
        strip = mixed(strip, mood[1].y, Strip(vec3(from * 0.93, -0.26), vec3(sin(under) * 0.26 * far, cos(under) * 0.20 * far, -0.02), vec3(0.16 * (r.z - 0.5), 0.10 * (r.w - 0.5), -0.04), 0.13, 0.0, 0.0));
    }
    strip.wide *= smoothstep(0.05, 0.5, mood[1].w);
    return strip;
}
