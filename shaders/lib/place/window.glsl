// place_window: how much light of a window lies on the wall at a place, with its bars and the leaves before it. Needs lib/frame, noise/swell3.
// at: scene units; lot: three numbers of the room, [0, 1). Range: [0, 1.8]. Idea: the patch leans with the light, is out of focus the farther
// it lies from the window, and what grows outside moves in it; which window it is, and where, the lots say.
float place_window(vec2 at, vec3 lot) {
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y), side = lot.x < 0.5 ? -1.0 : 1.0, which = fract(lot.y * 5.0);
    // The sun goes on: a hand's breadth in some minutes.
    vec2 w = at - vec2(side * (0.50 + 0.20 * fract(lot.x * 8.0)) * wide + 0.05 * sin(0.011 * u_time), 0.20 + 0.28 * lot.z);
    w.x -= side * mix(0.16, 0.55, fract(lot.z * 6.0)) * w.y;
    vec2 half_ = mix(vec2(0.27, 0.56), vec2(0.50, 0.36), lot.y), many = vec2(which < 0.35 ? 3.0 : 2.0, lot.y < 0.5 ? 3.0 : 2.0);
    float soft = 0.07 + 0.09 * smoothstep(-0.4, 0.5, w.y * 0.6 - side * w.x) + 0.14 * u_fog;
    // Some windows are arched.
    float arch = which > 0.65 ? 0.75 * half_.x * (1.0 - sqrt(max(1.0 - w.x * w.x / (half_.x * half_.x), 0.0))) : 0.0;
    float patch_ = smoothstep(-soft, soft, half_.x - abs(w.x)) * smoothstep(-soft, soft, half_.y - w.y - arch) * smoothstep(-soft, soft, half_.y + w.y);
    vec2 bar = abs(fract(0.5 * many * (w / half_ + 1.0) + 0.5) - 0.5) * 2.0 * half_ / many / (0.55 * soft);
    float bars = (1.0 - 0.50 * exp(-bar.x * bar.x)) * (1.0 - 0.50 * exp(-bar.y * bar.y));
    vec2 wind = vec2(0.30 * sin(0.23 * u_phase), 0.20 * sin(0.31 * u_phase + 1.0));
    float leaves = swell3(vec3(at * 2.6 + wind, 9.0 * lot.z)) + 0.8 * swell3(vec3(at * vec2(5.7, 6.3) - 1.4 * wind, 2.0)), through = smoothstep(-0.55, 0.30, leaves);
    return patch_ * bars * mix(1.0, through, 0.35 + 0.60 * fract(lot.x * 3.0 + lot.y)) * (0.60 + 1.15 * exp(-5.0 * dot(w - vec2(0.0, 0.15), w - vec2(0.0, 0.15))));
}
