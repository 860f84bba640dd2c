#version 330 core
// A cloth over all of the picture, out of which the visitors press, in a light that rakes over it.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/own_colours.glsl"
#include "lib/form/moods.glsl"
#include "lib/relief/linen.glsl"
#include "lib/relief/shatter.glsl"
in vec2 v_uv;
flat in vec4 v_first, v_last;
flat in vec3 v_key, v_who;
out vec4 f_colour;
vec4 relief(vec2 uv) { return textureLod(u_feedback, uv, 0.0); }
void main() {
    moods_are(v_first, v_last);
    vec2 wide = u_resolution / min(u_resolution.x, u_resolution.y), p = (v_uv * 2.0 - 1.0) * wide;
    vec2 texel = 1.0 / vec2(textureSize(u_feedback, 0)), step_by = 2.0 * wide * texel;
    // The slope, smooth between the relief's points.
    vec4 a = relief(v_uv + texel * vec2(1.0, 0.5)), b = relief(v_uv + texel * vec2(-0.5, 1.0)), c = relief(v_uv + texel * vec2(-1.0, -0.5)), d = relief(v_uv + texel * vec2(0.5, -1.0));
    vec2 slope = vec2(0.8 * (a.r - c.r) - 0.4 * (b.r - d.r), 0.8 * (b.r - d.r) + 0.4 * (a.r - c.r)) / (2.0 * step_by);
    vec4 round_by = 0.25 * (a + b + c + d);
    float on = round_by.g, shade = round_by.b * (1.0 - 0.5 * MOOD[HAPPY]), deep = round_by.a * (1.0 - 0.5 * MOOD[HAPPY]);
    vec2 away = p - v_who.xy;
    float r = length(away), s = max(v_who.z, 0.2), broken = 0.0, crack = 1.0, molten = 0.0;
    // Rage: it is slate and shatters round who is there.
    if (MOOD[ANGRY] > 0.004) {
        vec4 piece = shatter(away / s);
        broken = MOOD[ANGRY] * smoothstep(0.30, 0.75, r / s) * (1.0 - 0.95 * on);
        slope += broken * 1.9 * piece.xy;
        crack = piece.z;
        molten = smoothstep(0.25, 0.9, piece.w);
    }
    // Threads, near the eye.
    float per_pixel = fwidth(p.y) * 95.0, fine = 1.0 - smoothstep(0.45, 1.1, per_pixel), weave = linen(95.0 * (p + 0.035 * slope + 0.011 * sin(6.1 * p.yx + vec2(0.3, 1.9)))) * fine;
    slope += 0.028 * weave;
    vec3 n = normalize(vec3(-slope, 1.0));
    float nl = dot(n, v_key), wrapped = max((nl + 0.08) / 1.08, 0.0);
    float open = 1.0 - clamp(1.15 * deep, 0.0, 0.9), lit = wrapped * (1.0 - shade);
    // The lamp stands beside the picture: its light falls off across it, and is narrow where a mood hides.
    vec2 from = (p - v_who.xy - vec2(0.0, 0.12) - 0.40 * v_key.xy) * vec2(0.85, 1.0);
    float falls = exp(-(0.75 + 0.4 * MOOD[FEAR] + 0.25 * MOOD[ANGRY]) * dot(from, from));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, 0.42 * p + 0.15 * slope + 0.5);
    vec3 own[4] = vec3[4](u_palette[0], u_palette[1], u_palette[2], u_palette[3]);
    float tone = clamp(0.38 + 0.50 * lit + 0.12 * on, 0.0, 1.0);
    const vec3 WEIGHTS = vec3(0.2126, 0.7152, 0.0722);
    // Marble and linen: pale by themselves, in the mood's light.
    vec3 hue = ramp(own, tone);
    hue /= max(dot(hue, WEIGHTS), 0.02);
    vec3 cloth = 0.52 * mix(vec3(1.04, 1.0, 0.94), hue, 0.46 - 0.16 * broken - 0.10 * MOOD[SURPRISE]) * (1.0 - 0.45 * broken);
    float grey = sqrt(dot(picture, WEIGHTS));
    cloth *= mix(1.0, 0.78 + 0.40 * grey, u_texture_amount) * (1.0 + 0.07 * weave);
    cloth = mix(cloth, picture * mix(0.35 + u_palette[3], vec3(1.0), own_colours()), mix(0.22 * u_texture_amount, 1.0, own_colours()));
    vec3 light = cloth * lit * sqrt(lit) * falls * u_light * (3.2 + 0.3 * MOOD[HAPPY] + MOOD[FEAR] * (1.4 - 1.3 * on) - 1.6 * MOOD[ANGRY] - 0.9 * MOOD[SURPRISE] - 0.6 * MOOD[SAD]);
    // What comes back from the room.
    vec3 room = mix(u_palette[1] / max(dot(u_palette[1], WEIGHTS), 0.02), vec3(1.0), 0.3);
    light += cloth * room * u_fill * 0.07 * open * (0.6 + 0.4 * n.y) * (0.25 + 0.75 * falls);
    // The second lamp from the other side grazes what is steep.
    vec3 other = normalize(vec3(-v_key.x, 0.35 * v_key.y - 0.1, 0.05));
    float rim = max(dot(n, other) - 0.15, 0.0), steep = 1.0 - n.z;
    light += mix(u_counter, u_palette[3], 0.15) * rim * steep * open * (0.85 - 0.58 * MOOD[SAD] - 0.50 * MOOD[DISGUST]) * (0.4 + 0.6 * u_light) * (0.35 + 0.65 * falls);
    light *= mix(0.30, 1.0, open);
    // Wet cloth shines.
    float wet = MOOD[DISGUST] + 0.5 * MOOD[SAD], shine = max(dot(n, normalize(v_key + vec3(0.0, 0.0, 1.0))), 0.0);
    if (wet > 0.004) light += wet * mix(u_palette[3], vec3(1.0), 0.5) * (0.5 + 0.7 * MOOD[DISGUST]) * pow(shine, 46.0) * (1.0 - shade) * falls * open * u_light;
    // Joy: a sun behind the cloth shines through where nobody lies against it, more where a fold turns to it.
    if (MOOD[HAPPY] > 0.004) {
        vec2 to = away - vec2(0.0, 0.15 * s);
        float sun = exp(-1.75 * length(to)), turned = 0.45 - 1.1 * dot(n.xy, to / (length(to) + 0.2));
        light += MOOD[HAPPY] * mix(mix(u_palette[2], u_palette[3], 0.3 + 0.7 * sun), picture, own_colours()) * 2.0 * sun * (1.0 - 0.93 * on) * clamp(turned, 0.04, 1.3) * mix(0.6, 1.0, open) * u_light;
    }
    // Rage: fire stands behind the cracks.
    if (broken > 0.004) {
        float near = exp(-0.9 * max(r / s - 0.5, 0.0)), thin = 0.004 + 0.010 * near;
        light *= 1.0 - broken * 0.7 * smoothstep(thin * 3.0, thin, crack);
        light += broken * mix(u_palette[3], vec3(1.0, 0.36, 0.07), 0.6) * near * (0.15 + 1.3 * molten) * (2.4 * smoothstep(thin, 0.3 * thin, crack) + 0.35 * exp(-16.0 * crack)) * (1.0 + 0.3 * sin(1.7 * u_phase + 3.0 * r / s));
    }
    // Surprise: one ring of light runs round the head.
    if (MOOD[SURPRISE] > 0.004) {
        float from_head = distance(p, v_who.xy + vec2(0.0, 0.42 * s)) / s, ring = from_head - 0.80 - 0.03 * sin(1.3 * u_phase);
        light += MOOD[SURPRISE] * mix(u_palette[3], u_counter, 0.35) * (exp(-ring * ring * 900.0) * 1.6 + 0.30 * exp(-9.0 * abs(ring))) * (1.0 - 0.9 * on) * (0.7 + 0.5 * n.y);
    }
    light *= 1.0 + 0.5 * u_welcome;
    f_colour = vec4(light * u_fade, u_fade);
}
