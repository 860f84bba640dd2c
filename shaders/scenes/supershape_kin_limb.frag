#version 330 core
// A limb from afar: one soft stroke.
#include "lib/frame.glsl"

in vec2 v_limb;
in vec3 v_light;

out vec4 f_colour;

void main() {
    float across = abs(v_limb.x), cover = clamp((1.0 - across) / max(fwidth(v_limb.x), 0.35) + 0.5, 0.0, 1.0) * v_limb.y;
    f_colour = vec4(v_light * (1.15 - 0.4 * across), 1.0) * (u_fade * cover);
}
