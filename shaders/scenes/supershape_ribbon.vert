#version 330 core
// The shell: ribbons from pole to pole on the form that the emotion asks for, two layers deep. Closed they make a seed,
// open a lantern; one edge of each lifts, like a louvre.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"

uniform float u_ribbons;

in vec2 in_uv;  // x across in [-1, 1], y from pole to pole in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec3 v_local;
out vec3 v_body;  // height of the relief [0, 1], across [-1, 1], layer 0 outer, 1 inner

vec3 on_form(vec2 at, float middle, float layer, float random, Supershape form) {
    float open = clamp(u_spread + 0.35 * u_welcome + 0.10 * u_energy, 0.0, 1.1), wild = 1.0 - u_symmetry;
    float latitude = 3.1 * (at.y - 0.5);
    float spiral = 0.55 * u_twist + 0.62 * mix(1.0, 0.4, u_spread) + 0.20 * sin(u_phase * 0.13);
    float wide = 3.14159265 / floor(u_ribbons) * mix(1.0, 0.70, open) * (1.0 + 0.35 * wild * (random - 0.6));
    // The upper ends part as it opens: tips that flare instead of a pole.
    float flare = smoothstep(0.12, 1.0, open) * smoothstep(0.0, 1.55, latitude);
    wide *= mix(1.0, (1.0 - 0.5 * flare) * sqrt(clamp((1.552 - latitude) / 0.6, 0.0, 1.0)), smoothstep(0.1, 0.5, open));
    float longitude = middle + wide * at.x + spiral * latitude + wild * 0.10 * sin(3.0 * latitude + random * 6.0 + u_phase * 0.4);
    vec3 p = supershape(longitude, latitude, form);
    float lift = mix(0.03, 0.13, open) * at.x * cos(latitude) + wild * 0.14 * (random - 0.5);
    lift -= 0.06 * u_spikiness * (at.x * at.x - 0.3);
    p.xz += (mix(0.62, 0.85, u_spikiness) * flare * (0.75 + 0.5 * random)) * vec2(cos(longitude), sin(longitude));
    p.y -= 0.25 * flare * (1.0 - u_spikiness);
    return p * (1.0 + lift - layer * mix(0.07, 0.20, open));
}

void main() {
    float n = float(gl_InstanceID), self = u_self[u_shape].x, layer = mod(n, 2.0);
    float random = hash11(n + 1.0 + floor(self * 1024.0)), middle = 6.2831853 * n / floor(u_ribbons);
    Supershape form = supershape_of_look(0.4 * self, u_feels[u_shape].xy);
    vec2 at = in_uv, inner = vec2(at.x, clamp(at.y, 0.02, 0.96));
    vec3 base = supershape_pose(on_form(inner, middle, layer, random, form), self);
    vec3 across = supershape_pose(on_form(inner + vec2(0.15, 0.0), middle, layer, random, form), self) - base;
    vec3 along = supershape_pose(on_form(inner + vec2(0.0, 0.015), middle, layer, random, form), self) - base;
    v_local = on_form(at, middle, layer, random, form);
    vec3 p = supershape_pose(v_local, self);
    v_normal = normalize(cross(along, across));
    v_body = vec3(smoothstep(0.30, 0.95, length(v_local)), at.x, layer);
    v_position = p * u_place[u_shape].z * 1.02 + vec3(u_place[u_shape].xy, 0.0);
    gl_Position = to_clip(v_position);
}
