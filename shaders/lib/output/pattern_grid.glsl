// pattern_grid: lines and circles to set a warp by. at: pixels from the part's top left, part: its size; whole and
// picture: the same in the whole picture; edges: soft edges' widths, left, top, right, bottom, pixels; tint: this output's
// own colour. Range: [0, 1], sRGB. Idea: the grid and the circles belong to the whole picture, so they close up where two
// outputs overlap; border, cross and tint belong to the output.
float pattern_line(float distance, float half_width, float pixel) {
    return 1.0 - smoothstep(half_width - 0.5, half_width + 0.5, abs(distance) / pixel);
}
vec3 pattern_grid(vec2 at, vec2 part, vec2 whole, vec2 picture, vec4 edges, vec3 tint) {
    // How much of the picture a pixel of the window is, of places that run on evenly: fwidth of a cell's own place jumps.
    vec2 pixel = max(fwidth(at), 1e-4);
    float round_pixel = max(pixel.x, pixel.y);
    float cell = max(min(picture.x, picture.y) / 12.0, 8.0);
    vec2 middle = whole - picture * 0.5;
    vec2 to_line = middle - cell * round(middle / cell);
    float fine = max(pattern_line(to_line.x, 0.75, pixel.x), pattern_line(to_line.y, 0.75, pixel.y));
    float axes = max(pattern_line(middle.x, 1.5, pixel.x), pattern_line(middle.y, 1.5, pixel.y));
    // Every fourth crossing bears a circle: round ones show that the picture is neither stretched nor squeezed.
    vec2 knot = middle - 4.0 * cell * round(middle / (4.0 * cell));
    float circles = pattern_line(length(knot) - cell, 1.0, round_pixel);
    float large = pattern_line(length(middle) - 5.0 * cell, 1.5, round_pixel);
    vec2 from_middle = abs(at - part * 0.5);
    float reach = cell * 0.5;
    float cross = max(pattern_line(from_middle.x, 2.0, pixel.x) * step(from_middle.y, reach),
                      pattern_line(from_middle.y, 2.0, pixel.y) * step(from_middle.x, reach));
    vec2 border = min(at, part - at) / pixel;
    float frame = step(min(border.x, border.y), 4.0);
    vec4 seam = abs(vec4(at, part - at) - edges) / pixel.xyxy;
    vec4 soft = step(0.5, edges) * (1.0 - smoothstep(0.5, 1.5, seam));
    vec3 c = mix(vec3(0.055), tint, 0.10);
    c = mix(c, vec3(0.34), fine);
    c = mix(c, vec3(0.62), max(circles, axes));
    c = mix(c, vec3(0.82), large);
    c = mix(c, tint, max(max(soft.x, soft.y), max(soft.z, soft.w)) * 0.8);
    c = mix(c, vec3(1.0), cross);
    return mix(c, tint, frame);
}
