#version 330 core
// A frame round one visitor's body; the body itself is marched inside it. What all its pixels share is worked out here: its
// limbs and those of the nearest other visitor, into whom it melts.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/limbs.glsl"

out vec2 v_at;             // on the plane z = 0, scene units
flat out vec4 v_own[16];   // limbs and, last, the head
flat out vec4 v_other[10]; // spine, arms and head of the nearest other; radius 0 where nobody is near
flat out vec3 v_body;      // size, how far it has grown out of the knot, hue shift

void main() {
    vec4 points[LIMB_POINTS], head;
    float size, grown;
    limbs(u_shape, points, head, size, grown);
    vec2 low = vec2(1e3), high = vec2(-1e3);
    for (int n = 0; n < 16; n++) {
        vec4 one = n < 15 ? points[n] : head;
        v_own[n] = one;
        float near = EYE / max(EYE - one.z - one.w, 0.4);
        float reach = one.w + 0.09;
        low = min(low, (one.xy - reach) * near);
        high = max(high, (one.xy + reach) * near);
    }
    v_body = vec3(size, grown, u_self[u_shape].y);
    int nearest = -1;
    float least = 2.2 * size + 0.8;
    for (int who = 0; who < u_people; who++) {
        if (who == u_shape) continue;
        vec4 chest = joint_of(who, CHEST);
        float apart = distance(mix(u_place[who].xy, chest.xy, chest.w), points[1].xy);
        if (apart < least) { least = apart; nearest = who; }
    }
    for (int n = 0; n < 10; n++) v_other[n] = vec4(0.0);
    if (nearest >= 0) {
        vec4 other_head;
        float other_size, other_grown;
        limbs(nearest, points, other_head, other_size, other_grown);
        for (int n = 0; n < 9; n++) v_other[n] = points[n];
        v_other[9] = other_head;
    }
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    v_at = mix(low, high, corner);
    gl_Position = to_clip(vec3(v_at, 0.0));
}
