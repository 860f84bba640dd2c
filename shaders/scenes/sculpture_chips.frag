#version 330 core
// Slabs and splinters of a statue; drops of mud, each round on its thread.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/body/grains.glsl"
#include "lib/body/stone_light.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_chip;
flat in vec4 v_kind;
out vec4 f_colour;

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    vec3 facet = normalize(cross(dFdx(v_position), dFdy(v_position)) + vec3(0.0, 0.0, 1e-9));
    n = normalize(mix(n, facet, v_kind.z));
    float cover = 1.0, x = v_chip.x, soft = 1.3 * fwidth(x);
    if (v_kind.y > 0.0) {
        // In widths from the root: where it leaves the body, the thread, the drop.
        float t = v_chip.y * v_kind.x, below = t - v_kind.x + 0.95, thread = (0.12 + 0.30 * exp(-1.4 * t)) * (1.0 - smoothstep(0.0, 0.12, v_chip.z));
        float drop = 0.80 * (below > 0.0 ? sqrt(max(1.0 - below * below / 0.72, 0.0)) : exp(-0.42 * below * below));
        float radius = max(drop, thread), across = clamp(x / max(radius, 1e-3), -1.0, 1.0);
        cover = smoothstep(radius + 0.5 * soft, radius - 0.5 * soft, abs(x)) * smoothstep(0.0, 0.8, t);
        n = normalize(v_normal * across + v * sqrt(1.0 - across * across) - vec3(0.0, 0.8 * clamp(below, -1.2, 1.0) * smoothstep(0.1, 0.5, drop - thread), 0.0));
    }
    if (cover < 0.03) discard;
    n = normalize(n + v * max(0.0, 0.08 - dot(n, v)));
    float broken = v_kind.z * 0.6 * smoothstep(0.75, 1.05, v_chip.y);
    Grain g = grain_at(v_position.xy + 7.0 * v_kind.w, broken, 1.0);
    if (g.there < 0.04) discard;
    float burnt = v_chip.z * step(v_kind.y, 0.0);
    float band = 0.5 + 0.5 * sin(40.0 * v_chip.y + 30.0 * v_kind.w + 2.0 * v_chip.x);
    vec3 light = stone_light(n, n, v, g, vec3(0.30), 0.42 + 0.3 * v_chip.y * v_kind.z + 0.2 * (v_kind.w - 0.5) + u_self[u_shape].y, 0.35 + 0.4 * band, vec2(0.9), v_kind.y, 0.85 * burnt);
    // Out of a hot crack.
    light += (u_palette[3] + 0.25 * u_palette[2]) * burnt * 1.5 * exp(-7.0 * v_chip.y) * (0.5 + 0.5 * u_glow);
    light = haze(light, smoothstep(0.5, -0.9, v_position.z));
    f_colour = vec4(light * u_fade, u_fade) * g.there * cover;
}
