// canvas_half, canvas_uv, canvas_place: where the atelier's canvas stands, and half its size. Needs lib/frame. Range: canvas_uv gives (0, 0) at its bottom left to
// (1, 1), beyond it outside; canvas_place the place in half canvas heights, (0, 0) in its middle, at which a hand paints that is
// seen at `at` (scene units). Idea: all of the picture's width and height is drawn together to the canvas, so that a visitor who
// stands at the side reaches it.
const vec2 CANVAS_MIDDLE = vec2(0.0, 0.12);
vec2 canvas_half() { return vec2(1.04, 0.78) * min(1.0, 0.85 * u_resolution.x / min(u_resolution.x, u_resolution.y)); }
vec2 canvas_uv(vec2 at) { return (at - CANVAS_MIDDLE) / canvas_half() * 0.5 + 0.5; }
vec2 canvas_place(vec2 at) {
    vec2 reach = u_resolution / min(u_resolution.x, u_resolution.y) * vec2(0.82, 0.88);
    return at / reach * vec2(4.0 / 3.0, 1.0);
}
