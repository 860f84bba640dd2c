#version 330 core
// A tile for each place of the flash limiter's map that holds something back; where nothing is held a tile has no area.
uniform sampler2D u_hold;
uniform vec4 u_part_held;  // what is drawn of the whole: left, bottom, width, height
out vec2 v_uv;  // in the whole picture
void main() {
    ivec2 cells = textureSize(u_hold, 0);
    int tile = gl_VertexID / 6, corner = gl_VertexID % 6;
    ivec2 at = ivec2(tile % cells.x, tile / cells.x);
    // What is held reaches as far as it is read softly: to the middles of its neighbours.
    float held = 0.0;
    for (int y = -1; y <= 1; y++) for (int x = -1; x <= 1; x++)
        held = max(held, texelFetch(u_hold, clamp(at + ivec2(x, y), ivec2(0), cells - 1), 0).r);
    vec2 to = vec2(corner == 1 || corner == 2 || corner == 4, corner == 2 || corner == 4 || corner == 5);
    v_uv = (vec2(at) + to) / vec2(cells);
    vec2 at_part = (v_uv - u_part_held.xy) / u_part_held.zw;
    gl_Position = held > 0.0 ? vec4(at_part * 2.0 - 1.0, 0.0, 1.0) : vec4(2.0, 2.0, 0.0, 1.0);
}
