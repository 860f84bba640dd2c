#version 330 core
// The portrait's robe, over the ground and under the head: light and folds come from portrait_feedback.frag, the strokes go round the neck.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/texture/worn.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/portrait/upper_stroke.glsl"
#include "lib/form/moods.glsl"
#include "lib/portrait/pigment.glsl"
in vec2 v_uv;
flat in vec2 v_middle;
flat in vec4 v_sitters[MOST_PEOPLE];
flat in float v_shares[7];
out vec4 f_colour;
#include "lib/portrait/flow.glsl"
#include "lib/portrait/edge.glsl"

vec3 robe(vec2 p) {
    Flow flow = Flow(vec2(0.0), vec2(0.0));
    for (int i = 0; i < max(u_people, 1); i++) {
        vec4 s = v_sitters[i];
        add_robe(flow, p, s.xy - vec2(0.0, 0.35 * s.z), s.z * s.w);
    }
    vec2 middle, longer = vec2(0.60, 1.0);
    Stroke st = laid(p, flow, 0.070, longer, vec2(0.985, 0.17), 2, middle);
    vec2 asked = mix(p, middle, 0.38);
    float t = textureLod(u_feedback, uv_of(asked), 0.0).g;
    // The seamless picture is the stuff of the robe.
    vec3 woven = worn(u_texture_before, u_texture, u_texture_share, (p - 0.7 * v_middle) * 0.55);
    t *= 1.0 + (sqrt(dot(woven, vec3(0.2126, 0.7152, 0.0722))) - 0.55) * u_texture_amount * 0.7;
    return robe_pigment(t + 0.09 * (st.lot.y - 0.5) * (0.3 + t), st.lot.z) * (0.90 + 0.14 * st.hair + 0.06 * st.side);
}

void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y), stir;
    vec4 here;
    float cover = figure_cover(p, whose_place(p), here, stir);
    if (cover < 0.005) discard;
    f_colour = vec4(robe(p) * (1.0 + 0.45 * u_welcome), 1.0) * cover * u_fade;
}
