#version 330 core
// A smaller copy of a picture: four looks for each pixel, spread over it; each look is itself the mean of four texels.
uniform sampler2D u_source;
uniform vec2 u_step;  // a quarter of a pixel of the copy, in the picture's width and height
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec3 sum = texture(u_source, v_uv + u_step).rgb + texture(u_source, v_uv - u_step).rgb;
    sum += texture(u_source, v_uv + vec2(u_step.x, -u_step.y)).rgb + texture(u_source, v_uv - vec2(u_step.x, -u_step.y)).rgb;
    f_colour = vec4(sum * 0.25, 1.0);
}
