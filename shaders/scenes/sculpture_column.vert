#version 330 core
// Columns of the hall that the statue stands in: one at each of its nearest ribs, on both sides.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/place/mood.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/hall_plan.glsl"
out vec2 v_at;         // across in radii, up from the floor in radii
flat out vec4 v_stone; // how tall, radii; how far away [0, 1]; how far broken [0, 1]; a random number
flat out vec4 v_moods; // calm, open, hide, and what light there is
void main() {
    PlaceMood m = place_mood();
    vec3 lot = u_rooms[0].xyz;
    HallPlan p = hall_plan(m);
    vec2 eye = hall_eye(m, lot), corner = vec2(float(gl_VertexID & 1) * 2.0 - 1.0, float(gl_VertexID >> 1));
    float side = (gl_InstanceID & 1) == 0 ? -1.0 : 1.0, number = ceil((0.62 + lot.y) / p.bay) + float(gl_InstanceID / 2), z = number * p.bay - lot.y, radius = 0.085 + 0.02 * m.murk - 0.02 * m.weep - 0.025 * m.hide;
    uint bits = mix_bits(uint(gl_InstanceID) + uint(lot.z * 4096.0) * 7u);
    float random = float(bits & 1023u) / 1023.0, tall = (0.36 + p.spring + 0.10) * mix(1.0, mix(0.45, 1.05, random), m.hard);
    v_at = vec2(corner.x * 1.7, corner.y * (tall / radius + 1.0 * m.hard));
    v_stone = vec4(tall / radius, 1.0 - exp(-0.30 * max(z - 0.6, 0.0)), m.hard * step(random, 0.8), random);
    v_moods = vec4(m.calm, m.open, m.hide, 0.85 * m.calm + 0.45 * m.weep + 0.35 * m.hard + 0.9 * m.open + 0.4 * m.murk + 0.4 * m.burst);
    vec2 at = eye + (vec2(side * (p.wide - 0.9 * radius), -0.36) + radius * v_at) / z;
    gl_Position = u_stage < 0.01 || z > p.deep ? vec4(2.0, 2.0, 0.0, 1.0) : vec4(at * min(u_resolution.x, u_resolution.y) / u_resolution, 0.0, 1.0);
}
