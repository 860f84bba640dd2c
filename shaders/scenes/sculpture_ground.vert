#version 330 core
// The floor round a statue's plinth: a sheet in perspective under it.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/weather.glsl"

out vec2 v_at;         // shares of the size from where it stands
flat out vec2 v_pool;  // radius of the hem, where the shadow falls: 1 to the right, -1 to the left

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0;
    v_at = corner * vec2(3.4, 2.2);
    v_pool = vec2(weather(m, f.grown).hem, mix(1.0, -1.0, smoothstep(0.20, 0.55, u_tremble * (1.0 - u_spread))));
    vec3 feet = 0.5 * (f.ankle[0] + f.ankle[1]);
    gl_Position = f.near > 0.98 ? vec4(2.0, 2.0, 0.0, 1.0) : to_clip(vec3(feet.x, f.ground - 0.26 * f.size, feet.z) + f.size * vec3(v_at.x, 0.0, v_at.y));
}
