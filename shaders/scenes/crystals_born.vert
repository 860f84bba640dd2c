#version 330 core
// A small druse for each shape that was born: it shoots up within half a second, drifts round the piece, and goes.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/form/shard.glsl"

const int CORNERS = 14;  // of one crystal of the mesh: twice its sides and two tips

in vec3 in_position;
in vec4 in_place;   // x, y, z, size
in vec4 in_colour;  // linear RGB, spikiness
in vec4 in_life;    // age in seconds, seed, leaving, energy at birth

out vec3 v_position;
out vec3 v_local;
out vec4 v_colour;
flat out vec3 v_axis;
out float v_along;

void main() {
    float n = float(gl_VertexID / CORNERS), age_s = in_life.x, seed = in_life.y, leaving = in_life.z;
    float random = hash11(seed * 91.0 + n), other = hash11(random * 57.3), spiked = in_colour.w;
    // Shards follow one another, none later than a fifth of a second.
    float grown = clamp((age_s - 0.04 * n) / 0.30, 0.0, 1.0);
    grown = 1.0 - pow(1.0 - grown, 3.0);
    float go = smoothstep(0.0, 1.0, leaving);
    float size = in_place.w * grown * (1.0 - go) * (1.0 + 0.35 * exp(-3.0 * age_s));
    // They stand in a sheaf, the first upright, the others leaning away from it; thorned ones spread to all sides.
    float round_it = n * 2.39996323 + 6.2831853 * seed;
    float apart = n < 0.5 ? 0.08 : mix(0.55, 1.15, spiked) * (0.6 + 0.6 * random);
    vec3 way = normalize(vec3(cos(round_it) * apart, 1.0 - 0.5 * spiked * other, sin(round_it) * apart));
    float reach = size * (n < 0.5 ? 1.0 : mix(0.45, 0.85, random)) * mix(1.25, 1.70, spiked);
    float thick = size * mix(0.26, 0.14, spiked) * mix(0.6, 1.0, other) * (n < 0.5 ? 1.15 : 0.85);
    vec3 p = shard(in_position, way, 0.55 * reach, thick, mix(0.20, 0.75, spiked), random) + way * 0.50 * reach - vec3(0.0, 0.45 * size, 0.0);

    float turn = age_s * (0.10 + 0.20 * seed) * (seed < 0.5 ? -1.0 : 1.0) + 6.2831853 * seed, c = cos(turn), s = sin(turn);
    mat3 spin = mat3(c, 0.0, -s, 0.0, 1.0, 0.0, s, 0.0, c);
    float lean = 0.9 * (fract(seed * 5.7) - 0.5), e = cos(lean), f = sin(lean);
    spin = mat3(e, f, 0.0, -f, e, 0.0, 0.0, 0.0, 1.0) * spin;
    // The way round the piece is a flat ellipse: nearer and farther by half of what it is to the sides.
    float drift = age_s * 0.035 * (0.6 + 0.8 * fract(seed * 3.3)), g = cos(drift), h = sin(drift);
    vec3 at = vec3(g * in_place.x + h * in_place.z / 0.55, in_place.y, 0.55 * (g * in_place.z / 0.55 - h * in_place.x));
    at.y += 0.035 * sin(age_s * 0.5 + seed * 20.0) + 0.6 * go * go - 0.05 * u_droop;
    v_local = p / max(in_place.w, 0.01) * 0.35 + seed;
    v_along = in_position.y * 0.5 + 0.5;
    v_colour = vec4(in_colour.rgb, random);
    v_axis = spin * way;
    v_position = at + spin * p;
    gl_Position = to_clip(v_position);
}
