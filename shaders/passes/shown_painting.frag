#version 330 core
// A painting over the whole picture: the room goes dark, the painting hangs in it at 4:3 with a mount and a thin frame; it is laid on
// in strokes, and goes the same way. Colours are the screen's (sRGB).
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/picture/strokes.glsl"
uniform sampler2D u_source;  // the finished picture, or the part of it that is drawn
uniform sampler2D u_painting;
uniform float u_shown_share;  // 0 to 1: how far it is there
uniform vec2 u_size;          // pixels of the whole picture
uniform vec4 u_part_shown;    // the part that is drawn: left, bottom, width, height
in vec2 v_uv;
out vec4 f_colour;
const vec2 FORM = vec2(4.0, 3.0) / 3.0;
float box(vec2 p, vec2 half_size) {
    vec2 d = abs(p) - half_size;
    return max(d.x, d.y);
}
// The painting is a small picture made larger: it is laid wholly in strokes, broad ones first, so that all of it is of one hand.
vec3 in_strokes(vec2 uv) {
    vec3 paint = vec3(0.0);
    for (int n = 0; n < 3; n++) {
        float size = n == 0 ? 0.017 : n == 1 ? 0.010 : 0.0062;
        Stroke s = strokes(uv * FORM, size, STROKE_WAYS[n], 5 + n);
        vec3 own = textureLod(u_painting, clamp(s.middle / FORM, 0.004, 0.996), n == 0 ? 3.6 : n == 1 ? 2.8 : 1.8).rgb;
        float there = n == 0 ? 1.0 : stroke_cover(s) * step(n == 1 ? 0.20 : 0.35, s.lot.z);
        paint = mix(paint, own * (0.95 + 0.05 * s.lot.y + 0.06 * s.hair + 0.035 * s.side), there);
    }
    return paint;
}
float soft_box(vec2 p, vec2 half_size) {
    vec2 d = abs(p) - half_size;
    return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}
void main() {
    vec2 whole = u_part_shown.xy + v_uv * u_part_shown.zw;
    float pixel = 2.0 / min(u_size.x, u_size.y);
    vec2 p = (whole * 2.0 - 1.0) * u_size / min(u_size.x, u_size.y);
    // As high as fits, or as wide.
    float high = min(0.78, 0.84 * u_size.x / min(u_size.x, u_size.y) / FORM.x);
    vec2 half_size = FORM * high;
    float edge = box(p, half_size), mount = 0.085, outer = edge - mount;
    float room = smoothstep(0.0, 0.45, u_shown_share);
    vec3 shown = texture(u_source, v_uv).rgb * mix(1.0, 0.14, room);
    // A lamp over the painting lights the wall a little; the frame throws its shadow down.
    float lamp = exp(-1.3 * dot(p - vec2(0.0, 0.5), (p - vec2(0.0, 0.5)) * vec2(0.35, 0.8)));
    shown += room * vec3(0.175, 0.160, 0.145) * lamp;
    float shadow = smoothstep(0.20, -0.02, soft_box(p + vec2(-0.015, 0.045), half_size + mount));
    shown *= 1.0 - 0.75 * shadow * room;
    vec3 card = vec3(0.885, 0.870, 0.835) * (0.80 + 0.14 * lamp) * (1.0 - 0.25 * smoothstep(0.010, 0.0, edge) * step(0.0, p.y - half_size.y * 0.98));
    float on_card = smoothstep(pixel, 0.0, outer) * room;
    vec3 wood = vec3(0.115, 0.085, 0.065) * (1.0 + 0.9 * smoothstep(0.004, 0.0, abs(outer - 0.013)));
    shown = mix(shown, wood, smoothstep(pixel, 0.0, outer - 0.020) * room);
    shown = mix(shown, card, on_card);
    if (edge < pixel) {
        vec2 uv = p / half_size * 0.5 + 0.5;
        vec3 paint = in_strokes(uv);
        vec2 place = uv * FORM;
        Stroke wide = strokes(place, 0.075, vec2(0.940, 0.342), 3), fine = strokes(place, 0.040, vec2(0.643, -0.766), 4);
        float laid = clamp(u_shown_share * 1.25 - 0.25, 0.0, 1.0);
        float first = stroke_wet(wide, laid * 1.6, 0.6 * wide.lot.x + 0.4 * uv.x);
        float second = stroke_wet(fine, laid * 1.7 - 0.7, 0.6 * fine.lot.x + 0.4 * uv.x);
        // The first strokes have one colour each, as paint has that was mixed on a palette.
        vec3 ground = textureLod(u_painting, wide.middle / FORM, 5.0).rgb * (0.96 + 0.08 * wide.hair) * (0.95 + 0.10 * wide.lot.y);
        vec3 canvas = mix(card, vec3(0.74, 0.69, 0.60), 0.6);
        vec3 laid_on = mix(mix(canvas, ground, first), paint, max(second, smoothstep(0.90, 1.0, laid)));
        float inner = 0.86 + 0.14 * smoothstep(0.0, 0.012, -edge);
        shown = mix(shown, laid_on * inner, smoothstep(pixel, 0.0, edge) * room);
    }
    f_colour = vec4(shown, 1.0);
}
