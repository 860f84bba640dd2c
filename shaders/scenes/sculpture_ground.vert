#version 330 core
// The ground a statue stands on: a sheet in perspective under it.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/garment.glsl"

out vec2 v_at;  // shares of the size from where it stands
flat out vec4 v_pool;

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Garment g = garment(m, f.grown);
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0;
    v_at = corner * vec2(1.9, 1.5);
    v_pool = vec4(g.hem, g.pooled, f.near, m.surprise);
    vec3 feet = 0.5 * (f.ankle[0] + f.ankle[1]);
    gl_Position = to_clip(vec3(feet.x + v_at.x * f.size, f.ground, mix(feet.z, 0.0, 0.3) + v_at.y * f.size));
}
