#version 330 core
// Satellites: small supershapes on orbits of their own; they come out of the body when it opens.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"

in vec3 in_position;

out vec3 v_position;
out vec3 v_normal;
out vec3 v_local;
out vec2 v_body;

vec3 surface(vec3 d, Supershape form, float spin) {
    vec3 p = supershape(d, form);
    float c = cos(spin), s = sin(spin);
    p.xz = mat2(c, s, -s, c) * p.xz;
    p.xy = mat2(c, s, -s, c) * p.xy;
    return p;
}

void main() {
    float n = float(gl_InstanceID), self = u_self[u_shape].x;
    float random = hash11(n + 1.0 + floor(self * 1024.0));
    Supershape form = supershape_of_look(1.6 * random - 0.6, u_feels[u_shape].xy);
    float spin = u_phase * (0.3 + 0.5 * random) + 6.0 * random;
    vec3 d = in_position, t = normalize(abs(d.y) < 0.7 ? cross(d, vec3(0.0, 1.0, 0.0)) : cross(d, vec3(1.0, 0.0, 0.0)));
    vec3 p = surface(d, form, spin);
    vec3 normal = normalize(cross(surface(normalize(d + 0.06 * t), form, spin) - p,
                                  surface(normalize(d + 0.06 * cross(t, d)), form, spin) - p));
    float orbit = n * 2.39996323 + u_phase * (0.10 + 0.16 * random) * (random < 0.3 ? -1.0 : 1.0);
    float far = mix(0.86, 1.22 + 0.30 * random, u_spread) + 0.25 * u_welcome + 0.15 * u_energy * random;
    float tilt = mix(2.4 * (random - 0.5), 0.55 * sin(n * 2.0), u_symmetry);
    vec3 at = far * vec3(cos(orbit), sin(orbit) * sin(tilt), sin(orbit) * cos(tilt));
    at.y -= 0.45 * u_droop * (0.5 + 0.5 * random);
    at += u_tremble * 0.04 * sin(u_phase * 13.0 + vec3(1.0, 2.0, 3.0) * random * 20.0);
    float size = mix(0.030, 0.085, random * random) * (0.35 + 0.65 * u_presence);
    v_local = in_position * 0.4 + random;
    v_body = vec2(0.7 + 0.3 * random, 1.0);
    v_normal = dot(normal, p) < 0.0 ? -normal : normal;
    v_position = (at + p * size) * u_place[u_shape].z + vec3(u_place[u_shape].xy, 0.0);
    gl_Position = to_clip(v_position);
}
