#version 330 core
// The quiet middle: a druse for each visitor, crystals that point out of one root.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/fibonacci_way.glsl"
#include "lib/form/shard.glsl"

uniform float u_shards;

in vec3 in_position;

out vec3 v_position;
out vec3 v_local;
out vec4 v_colour;  // the crystal's own light; 0: the palette's; then its random number
flat out vec3 v_axis;
out float v_along;  // root 0 to tip 1

void main() {
    float n = float(gl_InstanceID), self = u_self[u_shape].x;
    float random = hash11(n + 1.0 + floor(self * 1024.0)), other = hash11(random * 57.3), wild = 1.0 - u_symmetry;
    vec3 way = fibonacci_way(n, u_shards);
    way = normalize(way + wild * 0.7 * (vec3(random, other, hash11(random * 19.9)) - 0.5));
    // Some stand out, most fill the middle.
    float tall = mix(0.50, 1.0, random) * mix(1.0, mix(0.65, 1.30, other), wild);
    float beat = u_pulse * 0.26 * (throb(u_phase * 1.6 + self * 6.0 - 1.5 * other, u_rhythm) - 0.4);
    float boil = u_turbulence * 0.22 * sin(u_phase * 0.9 + random * 30.0);
    float reach = mix(0.50, 1.05, u_spread) * tall * (1.0 + beat + boil + 0.35 * u_welcome * other);
    reach *= mix(0.92, 1.10, u_spikiness);
    float thick = mix(0.135, 0.070, u_spikiness) * mix(0.55, 1.30, other * other) * mix(0.85, 1.1, u_spread);
    // Winding lays them over; weight pulls them down.
    way = normalize(way + u_twist * 0.9 * cross(vec3(0.0, 1.0, 0.0), way) - vec3(0.0, 0.75 * u_droop, 0.0) * (1.0 - 0.6 * abs(way.y)));
    way += u_tremble * 0.07 * sin(u_phase * vec3(15.0, 17.0, 13.0) + random * 40.0);
    way = normalize(way);
    vec3 p = shard(in_position, way, 0.5 * reach, thick, mix(0.16, 0.72, u_spikiness), random) + way * 0.5 * reach;
    float turn = u_phase * 0.10 + self * 6.2831853, c = cos(turn), s = sin(turn);
    mat3 spin = mat3(c, 0.0, -s, 0.0, 1.0, 0.0, s, 0.0, c);
    float lean = 0.30 + 0.14 * sin(u_phase * 0.19 + self * 5.0), e = cos(lean), f = sin(lean);
    spin = mat3(1.0, 0.0, 0.0, 0.0, e, f, 0.0, -f, e) * spin;
    v_local = p;
    v_along = in_position.y * 0.5 + 0.5;
    v_colour = vec4(0.0, 0.0, 0.0, random);
    v_axis = spin * way;
    v_position = spin * p * u_place[u_shape].z * 0.95 + vec3(u_place[u_shape].xy, 0.0);
    gl_Position = to_clip(v_position);
}
