#version 330 core
// A ribbon: the picture outside, a shadowed lining inside that the body's glow falls on, light at the thin edges.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/texture/triplanar.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/motion/throb.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_local;
in vec3 v_body;

out vec4 f_colour;

void main() {
    float relief = clamp(v_body.x, 0.0, 1.0), across = clamp(v_body.y, -1.0, 1.0), layer = v_body.z;
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = normalize(v_normal);
    float inside = dot(n, v) < 0.0 ? 1.0 : 0.0;
    n = inside > 0.5 ? -n : n;
    vec3 picture = triplanar(u_texture_before, u_texture, u_texture_share, v_local * 0.60 + 0.3 * u_self[u_shape].x, normalize(v_local));
    float edge = smoothstep(0.6, 1.0, abs(across));
    float tone = 0.10 + 0.55 * relief * relief + 0.14 * edge - 0.10 * layer + u_self[u_shape].y;
    vec3 albedo = dress_own(picture, tone) * mix(0.72, 0.55, inside);
    float open = mix(0.25, 1.0, relief) * mix(1.0, 0.55, layer) * mix(1.0, 0.35, inside);
    vec3 light = shade(n, v, albedo, max(u_roughness, 0.18), open, open);
    // Behind it glows the body; it lights the lining, and the thin edges a little.
    float core = (0.12 + 0.9 * u_glow + 1.2 * u_welcome) * (0.7 + 0.6 * u_pulse * throb(u_phase * 1.6 + u_self[u_shape].x * 6.0, u_rhythm));
    core += (1.0 - u_presence) * (0.25 + 0.70 * throb(u_time * 0.7, 0.2));
    light += mix(u_palette[2], u_palette[3], 0.5) * albedo * core * mix(0.15 * edge, 2.6 * (1.0 - 0.6 * relief), inside);
    light = haze(light, smoothstep(0.6, -1.2, v_position.z) * 0.85);
    f_colour = vec4(light * u_fade, u_fade);
}
