#version 330 core
// The cloth as a relief, small: red its height in scene units, green how far it lies on a body, blue how much the raking light is kept
// from it, alpha how deep it lies among what stands round it. The latter two are asked of the relief a picture ago.
#include "lib/frame.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/body/features.glsl"
// The figure under the cloth, in scene units and heights above it.
flat in vec4 v_head, v_neck, v_chest, v_pelvis;   // x, y, height; size, near, grown, which way it leans
flat in vec4 v_arm[6];                            // by side: shoulder x, y and elbow x, y; wrist x, y and palm x, y; heights of elbow, wrist and palm, 0
flat in vec4 v_leg[2];                            // knee x, y, ankle x, y
flat in vec3 v_face_x, v_face_y, v_key;         // the face to its right and up; where the light comes from
flat in vec4 v_mood_first, v_mood_last;           // angry, disgust, fear, happy; sad, surprise, neutral, its share of the cloth's moods here
flat in vec4 v_brow, v_lids, v_mouth, v_more;
#include "lib/relief/dome.glsl"
#include "lib/relief/pressed.glsl"
#include "lib/relief/hung.glsl"
uniform float u_flesh, u_reach;
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 wide = u_resolution / min(u_resolution.x, u_resolution.y), p = (v_uv * 2.0 - 1.0) * wide;
    vec3 body = pressed(p);
    float h = u_flesh * body.x * mix(0.8, 1.0, v_chest.w) + u_reach * hung(p, body.y, body.z * v_chest.w);
    vec2 uv_by = 0.5 / wide, towards = normalize(v_key.xy);
    float climb = v_key.z / length(v_key.xy), shade = 0.0, deep = 0.0;
    // All shapes ask the relief of all of them.
    ivec2 here = ivec2(gl_FragCoord.xy), most = textureSize(u_feedback, 0) - 1;
    float before = texelFetch(u_feedback, here, 0).r;
    for (int n = 0; n < 7; n++) {
        float far = 0.018 + 0.018 * float(n * n);
        float over = textureLod(u_feedback, v_uv + towards * far * uv_by, 0.0).r - before - far * climb;
        shade = max(shade, over / (0.02 + 0.22 * far));
    }
    vec2 texels = uv_by * vec2(most + 1);
    for (int n = 0; n < 5; n++) {
        float turn = 2.51327 * float(n) + 0.3, far = (n & 1) == 0 ? 0.035 : 0.10;
        float over = texelFetch(u_feedback, clamp(here + ivec2(round(far * texels * vec2(cos(turn), sin(turn)))), ivec2(0), most), 0).r - before;
        deep += 0.2 * clamp(over / far, -0.3, 1.2);
    }
    f_colour = vec4(h, body.y, clamp(0.5 + shade, 0.0, 1.0) * smoothstep(-0.5, 0.0, shade), max(deep, 0.0));
}
