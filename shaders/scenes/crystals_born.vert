#version 330 core
// A small druse for each shape that was born: it shoots up from the ground, stands in the distance, and sinks when it goes.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/light/key.glsl"
#include "lib/form/shard_frame.glsl"
#include "lib/form/facets.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"
#include "lib/form/bed_haze.glsl"

const int CORNERS = 14;  // of one crystal of the mesh: twice its sides and two tips

in vec3 in_position;
in vec4 in_place;   // x, y, z, size
in vec4 in_colour;  // linear RGB, spikiness
in vec4 in_life;    // age in seconds, seed, leaving, energy at birth

out vec3 v_at;           // as in crystals.vert
out vec3 v_position;
flat out vec3 v_eye;
flat out vec3 v_wide_a, v_wide_b, v_tip_a, v_tip_b;
flat out vec4 v_shape;
flat out vec4 v_colour;
flat out mat3 v_frame;
flat out vec4 v_haze;
flat out vec3 v_key;
flat out vec3 v_state;

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
    float apart = n < 0.5 ? 0.08 : mix(0.45, 1.05, spiked) * (0.5 + 0.7 * random);
    vec3 way = normalize(vec3(cos(round_it) * apart, 1.0, sin(round_it) * apart));
    float reach = size * (n < 0.5 ? 1.0 : mix(0.35, 0.85, random)) * mix(1.5, 2.1, spiked);
    float thick = size * mix(0.30, 0.16, spiked) * mix(0.6, 1.0, other) * (n < 0.5 ? 1.15 : 0.85);
    // Who was born high stands far.
    float deep = mix(-0.2, -3.0, clamp(0.55 + 0.75 * in_place.y + 0.35 * in_place.z, 0.0, 1.0));
    vec3 at = vec3(in_place.x * (1.0 - 0.24 * deep), FLOOR - 0.3 * go, deep);
    // The last is the stone that they stand on.
    if (n > 6.5) {
        way = normalize(vec3(0.2 * (random - 0.5), 1.0, 0.1));
        reach = 0.30 * size;
        thick = 0.75 * size;
    }
    vec3 root = n > 6.5 ? vec3(0.0) : 0.22 * size * vec3(cos(round_it), 0.0, sin(round_it)) * step(0.5, n);
    reach = max(reach, 1e-3);
    thick = max(thick, 1e-3);
    Facets f = facets_of(random, reach / thick, n > 6.5 ? 0.3 : mix(1.2, 3.5, spiked), 0.85, 0.0);
    v_frame = shard_frame(way, random);
    v_at = facets_corner(f, gl_VertexID % CORNERS, 3.0 / min(u_resolution.x, u_resolution.y) / thick, false);
    v_eye = (vec3(0.0, 0.0, EYE) - at - root) * v_frame / thick;
    v_wide_a = f.wide_a;
    v_wide_b = f.wide_b;
    v_tip_a = f.tip_a;
    v_tip_b = f.tip_b;
    v_shape = vec4(f.slope, f.taper, reach / thick, thick);
    v_colour = vec4(n > 6.5 ? u_palette[1] * 0.25 + 0.002 : mix(in_colour.rgb, u_palette[2], 0.35), random);
    v_state = vec3(0.0, 0.04 + 0.34 * u_glow, 0.3);
    v_key = KEY * v_frame;
    v_position = at + root + v_frame * v_at * thick;
    v_haze = bed_haze(at);
    gl_Position = size < 1e-3 ? vec4(0.0, 0.0, 2.0, 1.0) : bed_clip(v_position);
}
