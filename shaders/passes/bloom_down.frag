#version 330 core
// Half the size: four bilinear taps cover sixteen pixels. The first step keeps what is bright.
uniform sampler2D u_source;
uniform float u_threshold; // linear light; 0 keeps all
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 texel = 1.0 / vec2(textureSize(u_source, 0));
    vec3 c = 0.25 * (texture(u_source, v_uv + texel * vec2(-1, -1)).rgb + texture(u_source, v_uv + texel * vec2(1, -1)).rgb
        + texture(u_source, v_uv + texel * vec2(-1, 1)).rgb + texture(u_source, v_uv + texel * vec2(1, 1)).rgb);
    float peak = max(c.r, max(c.g, c.b));
    // A soft knee, and a ceiling so that one hot pixel does not flicker over the whole glow.
    c *= max(peak - u_threshold, 0.0) / max(peak, 1e-4);
    f_colour = vec4(min(c, vec3(8.0)), 1.0);
}
