#version 330 core
// The shapes in rough cells: of each its colour as it is seen (sRGB, a mean weighted by how much shapes cover) and its cover.
uniform sampler2D u_source;  // the finished picture
uniform sampler2D u_cover;   // alpha: how much shapes cover, 0 to 1
uniform float u_cells;       // across and down
in vec2 v_uv;
out vec4 f_colour;
const int LOOKS = 6;
void main() {
    vec3 sum = vec3(0.0);
    float cover = 0.0;
    for (int n = 0; n < LOOKS * LOOKS; n++) {
        vec2 at = v_uv + ((vec2(n % LOOKS, n / LOOKS) + 0.5) / float(LOOKS) - 0.5) / u_cells;
        float here = clamp(textureLod(u_cover, at, 0.0).a, 0.0, 1.0);
        sum += here * textureLod(u_source, at, 0.0).rgb;
        cover += here;
    }
    f_colour = vec4(sum / max(cover, 1e-3), cover / float(LOOKS * LOOKS));
}
