#version 330 core
// One picture into another, all at once and evenly: where motion's clock was set back, and a room into the next.
uniform sampler2D u_scene_before, u_scene_after;
uniform float u_share;  // how far it has gone
in vec2 v_uv;
out vec4 f_colour;
void main() {
    f_colour = mix(texture(u_scene_before, v_uv), texture(u_scene_after, v_uv), u_share);
}
