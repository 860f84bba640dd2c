#version 330 core
// The sand a figure stands in: a sheet in perspective under it.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/weather.glsl"

out vec2 v_at;  // shares of the size from where it stands
flat out vec4 v_pool;

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Weather w = weather(m, f.grown);
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0;
    v_at = corner * vec2(3.0, 1.7);
    v_pool = vec4(w.hem, m.surprise, f.size, w.wet);
    vec3 feet = 0.5 * (f.ankle[0] + f.ankle[1]);
    gl_Position = f.near > 0.98 ? vec4(2.0, 2.0, 0.0, 1.0) : to_clip(vec3(feet.x + v_at.x * f.size, f.ground, mix(feet.z, 0.0, 0.3) + v_at.y * f.size));
}
