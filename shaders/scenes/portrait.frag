#version 330 core
// Portrait: the ground and the robe, in strokes that go as the mood goes. How light each is comes from portrait_feedback.frag, asked at a
// stroke's own middle; the composed picture, where there is one, tints the ground from afar. The head is painted over it.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/texture/worn.glsl"
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

vec2 uv_of(vec2 p) { return p * min(u_resolution.x, u_resolution.y) / u_resolution * 0.5 + 0.5; }

// A stroke, and where its middle is in the picture.
Stroke laid(vec2 p, Flow flow, float size, vec2 longer, vec2 crossing, int set, out vec2 middle) {
    stroke_hairs = smoothstep(3.0, 12.0, 0.7 * size / length(flow.turn) * 0.5 * min(u_resolution.x, u_resolution.y));
    Stroke st = upper_stroke(flow.place * longer, size, 0.55, vec4(1.0, 0.0, crossing), 0.35, set);
    middle = p + flow_back(flow, st.middle / longer - flow.place);
    return st;
}

// The painter's ground: a wall in the mood's colours, and a breath of the composed picture on it.
vec3 ground(vec2 p, vec4 here, vec4 nearest, vec2 stir) {
    Flow flow = ground_flow(p, head);
    vec2 middle;
    Stroke st = laid(p, flow, 0.085, vec2(0.75 - 0.25 * v_shares[SAD], 1.0), normalize(vec2(0.985, 0.17 - 1.6 * v_shares[FEAR])), 0, middle);
    vec2 asked = mix(p, middle, 0.7);
    float rough = 0.10 + 0.16 * v_shares[ANGRY] + 0.07 * v_shares[FEAR] + 0.08 * v_shares[HAPPY] + 0.05 * v_shares[SURPRISE] + 0.06 * v_shares[DISGUST];
    float t = textureLod(u_feedback, uv_of(asked), 0.0).a + rough * (st.lot.y - 0.5);
    vec3 woven = worn(u_texture_before, u_texture, u_texture_share, (p - 0.7 * head) * 0.55);
    t += (sqrt(dot(woven, vec3(0.2126, 0.7152, 0.0722))) - 0.55) * u_texture_amount * 0.10;
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
    vec3 woven = worn(u_texture_before, u_texture, u_texture_share, (p - 0.7 * head) * 0.55);
    t *= 1.0 + (sqrt(dot(woven, vec3(0.2126, 0.7152, 0.0722))) - 0.55) * u_texture_amount * 0.7;
    return robe_pigment(t + 0.09 * (st.lot.y - 0.5) * (0.3 + t), st.lot.z) * (0.90 + 0.14 * st.hair + 0.06 * st.side);
}

void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    // Whose place it is; between two it is both's.
    vec4 nearest = vec4(0.0);
    for (int i = 0; i < max(u_people, 1); i++) {
        float aside = (p.x - v_sitters[i].x) / max(v_sitters[i].z, 0.05);
        nearest += vec4(v_sitters[i].xyz, 1.0) * (v_sitters[i].w * exp(-0.7 * aside * aside) + 1e-6);
    }
    nearest /= nearest.w;
    head = v_middle;
    vec3 bent = vec3(p * 3.1, 0.3 * u_phase);
    vec2 stir = 0.6 * parabolic(bent + 0.7 * parabolic(bent.yzx * 0.61 + vec3(0.3, 1.7, 2.9))).xy;
    // The outline trembles in fear; its edge is found on the light side, torn by the brush, and lost on the dark one.
    vec2 torn = stir * (0.010 + 0.02 * v_shares[DISGUST]) + u_tremble * 0.006 * vec2(sin(u_phase * 9.0 + p.y * 21.0), cos(u_phase * 11.0 + p.x * 17.0));
    vec4 here = textureLod(u_feedback, uv_of(p + torn), 0.0);
    float lost = clamp(smoothstep(-0.2, 1.1, (p.x - nearest.x) / nearest.z) + smoothstep(0.0, -1.0, p.y - nearest.y + 0.5), 0.0, 1.0), wide = mix(0.12, 0.40, lost);
    float brush = 0.10 * swell3(vec3(p * vec2(9.0, 23.0), 1.0)), cover = smoothstep(0.5 - wide, 0.5 + wide, here.r + brush * (1.0 - smoothstep(0.7, 0.9, here.r)));
    vec3 light = vec3(0.0);
    if (cover < 0.995) light = ground(p, here, nearest, stir);
    if (cover > 0.005) light = mix(light, robe(p), cover);
    // Who arrives is greeted at once: the paint itself lights up, before anybody's outline is known.
    light *= 1.0 + 0.45 * u_welcome;
    f_colour = vec4(light * u_fade, u_fade);
}
