#version 330 core
// A stroke (form.z 0: form.y runs from -1 to 1 across it), a ring (1) or a disc (2; form.xy in [-1, 1]); soft at the border.
in vec3 v_form;
in vec4 v_colour;
out vec4 f_colour;
void main() {
    float d = v_form.z < 0.5 ? abs(v_form.y) : length(v_form.xy);
    float soft = max(fwidth(d), 1e-4);
    float cover = 1.0 - smoothstep(1.0 - soft, 1.0, d);
    if (v_form.z > 0.5 && v_form.z < 1.5) cover *= smoothstep(0.62 - soft, 0.62, d) * 0.999 + 0.001;
    f_colour = vec4(v_colour.rgb, v_colour.a * cover);
}
