#version 330 core
// One picture into another, all at once and evenly: motion's clock was set back, and what was drawn by it moves on meanwhile.
uniform sampler2D u_scene_before, u_scene_after;
uniform float u_share;  // how far it has gone
in vec2 v_uv;
out vec4 f_colour;
void main() {
    f_colour = mix(texture(u_scene_before, v_uv), texture(u_scene_after, v_uv), smoothstep(0.0, 1.0, u_share));
}
