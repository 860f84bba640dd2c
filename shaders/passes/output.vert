#version 330 core
// An output's mesh: its place in the window with the perspective's w, and the part of the picture it shows, y down.
in vec3 in_place;
in vec2 in_part;
out vec2 v_part;
void main() {
    v_part = in_part;
    gl_Position = vec4(in_place.xy, 0.0, in_place.z);
}
