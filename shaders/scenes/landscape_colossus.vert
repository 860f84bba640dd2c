#version 330 core
// A board that stands on the land where a visitor is; the fragment shader cuts the mountain out of it.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/sdf/smooth_union.glsl"
#include "lib/land/ground.glsl"
#include "lib/land/air.glsl"
#include "lib/noise/hash.glsl"
#include "lib/sdf/along_segment.glsl"
#include "lib/land/colossus.glsl"

in vec2 in_uv;
out vec2 v_at;  // scene units
flat out vec4 v_first, v_last;
flat out vec3 v_sun;
flat out vec4 v_stands;  // where the head is seen, and where it stands
flat out float v_scale;

const float STANDS_Z = 2.6;

void main() {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    v_sun = sun_here();
    int j = u_shape * JOINTS;
    vec2 half_size = u_resolution / min(u_resolution.x, u_resolution.y);
    vec2 one = body_at(LEFT_SHOULDER, vec2(-0.17, 0.10)), other = body_at(RIGHT_SHOULDER, vec2(0.17, 0.10));
    vec2 low = min(one, other) - 0.05, high = max(one, other) + 0.05;
    for (int n = LEFT_ELBOW; n <= RIGHT_WRIST; n++) {
        vec4 joint = u_joints[j + n];
        if (joint.w < 0.05) continue;
        low = min(low, joint.xy - 0.05);
        high = max(high, joint.xy + 0.05);
    }
    vec2 seen, stands;
    float k = colossus_scale(seen, stands), foot = HORIZON - GROUND_EYE * LENS / STANDS_Z - 0.22;
    v_stands = vec4(seen, stands);
    v_scale = k;
    low = stands + k * (low - seen);
    high = max(stands + k * (high - seen), stands) + vec2(0.0, 1.9 * max(u_seen[u_shape].z * k, 0.08));
    float fall = max(high.y - foot, 0.0), slope = 0.14 + 0.25 * fall + 0.55 * fall * fall;
    low = max(vec2(low.x - slope, foot), -half_size);
    high = min(vec2(high.x + slope, high.y), half_size);
    v_at = mix(low, high, vec2(in_uv.x * 0.5 + 0.5, in_uv.y));
    float here = u_place[u_shape].w;
    gl_Position = ground_clip(vec3((v_at - vec2(0.0, HORIZON)) * STANDS_Z / LENS + vec2(0.0, GROUND_EYE), STANDS_Z));
    if (here < 0.02) gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
}
