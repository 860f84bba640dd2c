#version 330 core
// Lines and handles of the warp editor: place in clip space, form (see the fragment shader), colour.
in vec2 in_place;
in vec3 in_form;
in vec4 in_colour;
out vec3 v_form;
out vec4 v_colour;
void main() {
    v_form = in_form;
    v_colour = in_colour;
    gl_Position = vec4(in_place, 0.0, 1.0);
}
