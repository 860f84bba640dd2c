#version 330 core
// Slabs, clots and crusts of a figure of sand.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/body/grains.glsl"
#include "lib/body/sand_light.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_chip;
flat in vec4 v_kind;
out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    vec3 facet = normalize(cross(dFdx(v_position), dFdy(v_position)) + vec3(0.0, 0.0, 1e-9));
    n = normalize(mix(n, facet, v_kind.z));
    n = normalize(n + v * max(0.0, 0.08 - dot(n, v)));
    float broken = v_kind.z * 0.6 * smoothstep(0.75, 1.05, v_chip.y);
    Grain g = grain_at(v_position.xy + 7.0 * v_kind.w, broken, 1.0);
    if (g.there < 0.04) discard;
    float band = 0.5 + 0.5 * sin(40.0 * v_chip.y + 30.0 * v_kind.w + 2.0 * v_chip.x);
    vec3 light = sand_light(n, n, v, g, vec3(0.30), 0.42 + 0.3 * v_chip.y * v_kind.z + 0.2 * (v_kind.w - 0.5) + u_self[u_shape].y, 0.35 + 0.4 * band, vec2(0.9), v_kind.y, 0.85 * v_chip.z);
    // Out of a hot crack.
    light += (u_palette[3] + 0.25 * u_palette[2]) * v_chip.z * 1.5 * exp(-7.0 * v_chip.y) * (0.5 + 0.5 * u_glow);
    light = haze(light, smoothstep(0.5, -0.9, v_position.z));
    f_colour = vec4(light * u_fade, u_fade) * g.there;
}
