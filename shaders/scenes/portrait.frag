#version 330 core
// Portrait: the ground, in strokes that go as the mood goes. How light it is comes from portrait_feedback.frag, asked at a stroke's own
// middle; the composed picture, where there is one, tints it from afar. Robe and head are painted over it.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"
#include "lib/portrait/upper_stroke.glsl"
#include "lib/form/moods.glsl"
#include "lib/portrait/pigment.glsl"
in vec2 v_uv;
flat in vec2 v_middle;
flat in vec4 v_sitters[MOST_PEOPLE];
flat in float v_shares[7];
out vec4 f_colour;
vec2 head;
#include "lib/portrait/flow.glsl"
#include "lib/portrait/edge.glsl"

// The painter's ground: a wall in the mood's colours, and a breath of the composed picture on it.
vec3 ground(vec2 p, vec4 here, vec4 nearest, vec2 stir) {
    Flow flow = ground_flow(p, head);
    vec2 middle;
    Stroke st = laid(p, flow, 0.085, vec2(0.75 - 0.25 * v_shares[SAD], 1.0), normalize(vec2(0.985, 0.17 - 1.6 * v_shares[FEAR])), 0, middle);
    vec2 asked = mix(p, middle, 0.7);
    float rough = 0.10 + 0.16 * v_shares[ANGRY] + 0.07 * v_shares[FEAR] + 0.08 * v_shares[HAPPY] + 0.05 * v_shares[SURPRISE] + 0.06 * v_shares[DISGUST];
    float t = textureLod(u_feedback, uv_of(asked), 0.0).a + rough * (st.lot.y - 0.5);
    float side = smoothstep(-0.4, 0.5, p.x - nearest.x), calm = 1.0 - v_shares[HAPPY];
    // The figure's shadow on the wall; fear's stands over it.
    vec2 thrown = head + (p - head - vec2(0.34 + 0.16 * v_shares[FEAR], mix(-0.05, 0.22, v_shares[FEAR]))) / mix(1.06, 1.70, v_shares[FEAR]);
    float shadow = smoothstep(0.52, 0.92, textureLod(u_feedback, uv_of(thrown + 0.02 * stir), 0.0).b);
    t *= 1.0 - shadow * (0.22 + 0.66 * v_shares[FEAR]) * calm;
    // The air round the figure: darker on its light side, lighter on its dark side.
    t *= 1.0 - 0.40 * here.b * (1.0 - side) * calm;
    t += 0.12 * here.b * here.b * side * (1.0 - v_shares[FEAR]);
    vec3 light = ground_pigment(max(t, 0.0), st.lot.z);
#ifndef NO_PICTURE
    vec3 own = as_seen(picture_soft(uv_of(asked), 3.2));
    light = mix(light, own * (0.25 + 0.9 * max(t, 0.0)), 0.34 * u_picture_strength);
#endif
    light *= 0.93 + 0.10 * st.hair + 0.04 * st.side;
    return light * (1.0 - 0.55 * smoothstep(0.6, 2.0, length((p - 0.3 * head) * vec2(0.85, 1.0))));
}

void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y), stir;
    vec4 nearest = whose_place(p), here;
    // The robe is painted over it.
    if (figure_cover(p, nearest, here, stir) > 0.995) discard;
    head = v_middle;
    vec3 light = ground(p, here, nearest, stir);
    // Who arrives is greeted at once: the paint itself lights up, before anybody's outline is known.
    light *= 1.0 + 0.45 * u_welcome;
    f_colour = vec4(light * u_fade, u_fade);
}
