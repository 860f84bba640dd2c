#version 330 core
// Portrait: the ground and the robe, in strokes that go as the mood goes. Each stroke asks at its own middle what it is of: of the figure
// (portrait_feedback.frag) or of the ground, which is the composed picture where there is one. The head is painted over it.
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

// The painter's ground of so much light: a wall in the mood's colours, or the composed picture.
vec3 ground(vec2 p, float t, vec4 lot) {
    t += (0.16 + 0.22 * v_shares[ANGRY] + 0.10 * v_shares[FEAR] + 0.12 * v_shares[HAPPY]) * (lot.y - 0.5);
    vec3 light = vec3(0.0);
#ifndef WHOLE_PICTURE
    light = pigment(t * 0.85, lot.z) * 1.45;
#endif
#ifndef NO_PICTURE
    vec3 own = as_seen(picture_soft(uv_of(p), 1.5)) * (0.66 + 0.30 * (lot.y - 0.5));
    light = mix(light, own, 0.92 * u_picture_strength);
#endif
    return light;
}

void main() {
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    // Whose place it is.
    vec4 nearest = v_sitters[0];
    for (int i = 1; i < u_people; i++) {
        vec4 other = v_sitters[i];
        if (other.w > 0.1 && abs(p.x - other.x) < abs(p.x - nearest.x)) nearest = other;
    }
    head = v_middle;
    float tall = nearest.z;
    // The outline trembles in fear, is hacked in anger, clotted in disgust.
    vec3 bent = vec3(p * 3.1, 0.3 * u_phase);
    vec2 stir = 0.6 * parabolic(bent + 0.7 * parabolic(bent.yzx * 0.61 + vec3(0.3, 1.7, 2.9))).xy;
    vec2 torn = stir * (0.012 + 0.03 * v_shares[DISGUST]);
    torn += v_shares[ANGRY] * 0.05 * (abs(fract(dot(p, vec2(2.1, 3.3)) + 0.2 * stir.x) - 0.5) - 0.25) * vec2(0.8, -0.6) * 2.0;
    torn += u_tremble * 0.008 * vec2(sin(u_phase * 9.0 + p.y * 21.0), cos(u_phase * 11.0 + p.x * 17.0));
    vec4 here = textureLod(u_feedback, uv_of(p + torn), 0.0);
    bool of_figure = here.r > 0.5;
    vec2 neck = nearest.xy - vec2(0.0, 0.35 * tall);
    Flow flow = brush_flow(p, head, vec3(neck, tall), of_figure);
    float scale = length(flow.turn);
    float unit = 0.5 * min(u_resolution.x, u_resolution.y);
    float size = of_figure ? 0.076 : 0.085;
    stroke_hairs = smoothstep(4.0, 14.0, 0.7 * size / scale * unit);
    // Robes and what falls are of longer strokes; fear crosses them.
    vec2 longer = vec2(of_figure ? 0.60 : 1.0 - 0.35 * v_shares[SAD] - 0.2 * v_shares[ANGRY], 1.0);
    vec2 crossing = normalize(vec2(0.985, 0.17 - 1.6 * v_shares[FEAR]));
    Stroke st = upper_stroke(flow.place * longer, size, 0.6, vec4(1.0, 0.0, crossing), 0.35, of_figure ? 2 : 0);
    vec2 middle = p + flow_back(flow, st.middle / longer - flow.place) * (of_figure ? 0.6 : 1.0);
    float t = textureLod(u_feedback, uv_of(middle), 0.0).g;
    // The seamless picture is the stuff of the robe, and a breath of it is on the wall.
    vec3 woven = worn(u_texture_before, u_texture, u_texture_share, (middle - 0.7 * head) * 0.55);
    t += (sqrt(dot(woven, vec3(0.2126, 0.7152, 0.0722))) - 0.55) * u_texture_amount * (of_figure ? 0.55 : 0.22);
    vec3 light = of_figure ? robe_pigment(t + 0.12 * (st.lot.y - 0.5), st.lot.z) * (1.3 + 0.35 * v_shares[SAD]) : ground(middle, t, st.lot);
    light *= 0.92 + 0.10 * st.hair + 0.05 * st.side;
    float broken = st.lot.w * st.hair * 2.0;
    light *= of_figure ? 1.0 : 1.0 - 0.50 * smoothstep(0.7, 2.1, length(p * vec2(0.85, 1.0)));
    // The air round the figure: darker on its light side, lighter on its dark side.
    float rim = here.b * (1.0 - smoothstep(0.45, 0.55, here.r));
    float side = smoothstep(-0.4, 0.4, p.x - nearest.x);
    if (!of_figure) {
        // The figure's shadow on the wall; fear's stands over it.
        vec2 thrown = head + (p - head - vec2(0.34 + 0.10 * v_shares[FEAR], mix(-0.05, 0.20, v_shares[FEAR]))) / mix(1.06, 1.75, v_shares[FEAR]);
        float shadow = smoothstep(0.62, 0.90, textureLod(u_feedback, uv_of(thrown), 0.0).b);
        light *= 1.0 - shadow * (0.32 + 0.45 * v_shares[FEAR]) * (1.0 - v_shares[HAPPY]);
        light *= 1.0 - 0.45 * rim * (1.0 - side) * (1.0 - v_shares[HAPPY]);
        light += u_palette[3] * rim * rim * (0.05 + 0.30 * side + 0.5 * v_shares[HAPPY]) * (0.5 + u_glow);
    }
    // Runs of paint under the outline.
    float run = smoothstep(0.30, 0.42, here.a) * (1.0 - smoothstep(0.4, 0.5, here.r)) * max(u_droop, 0.0);
    light = mix(light, robe_pigment(0.45, 0.5), 0.8 * run);
    // A drawn outline, in dark paint on the light side and in light on the dark one.
    // Fear draws it again and again.
    float again = smoothstep(0.20, 0.02, abs(fract(here.b * 6.0 + 0.35 * stir.x) - 0.5)) * smoothstep(0.25, 0.8, here.b);
    if (!of_figure) light = mix(light, u_palette[2] * 0.9, 0.55 * again * v_shares[FEAR]);
    float line = smoothstep(0.17, 0.0, abs(here.r - 0.5)) * (0.35 + 0.65 * broken);
    light = mix(light, mix(u_palette[1] * 0.25, u_counter * (0.35 + 0.4 * broken), side), line * 0.65);
    // Who arrives is greeted at once: the paint itself lights up, before anybody's outline is known.
    light *= 1.0 + 0.45 * u_welcome;
    f_colour = vec4(light * u_fade, u_fade);
}
