#version 330 core
// The dark mass of a visitor's figure behind its grains: a grid whose corners know how far they are from the outline.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/form/moods.glsl"
#include "lib/sdf/smooth_union.glsl"
#include "lib/body/reframed.glsl"
#include "lib/body/posed_arm.glsl"
#include "lib/body/outline.glsl"

in vec2 in_uv;   // x from the right edge to the left one in [-1, 1], y upwards in [0, 1]

out vec2 v_from; // distance from the outline in head half heights, how much there is of it

void main() {
    float mood[7] = moods();
    Reframed r = reframed(u_shape);
    float margin = 1.6 * r.half_head, here = smoothstep(0.2, 0.8, u_place[u_shape].w) * smoothstep(0.15, 0.6, max(u_joints[u_shape * JOINTS + CHEST].w, u_seen[u_shape].w));
    vec2 p = vec2(r.head.x + in_uv.x * (outline_reach(u_shape, r, mood) + margin), mix(-1.1, r.head.y + r.half_head + margin, in_uv.y));
    v_from = vec2(outline(p, u_shape, r, mood) / r.half_head, here * mix(1.0, smoothstep(-1.15, -0.55, p.y), r.bust));
    gl_Position = here < 0.01 ? vec4(2.0, 2.0, 2.0, 1.0) : to_clip(vec3(p, 0.0));
}
