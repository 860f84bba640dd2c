#version 330 core
// A cloth over all of the picture, out of which the visitors press, in a light that rakes over it.
#include "lib/frame.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/own_colours.glsl"
#include "lib/form/moods.glsl"
in vec2 v_uv;
flat in vec4 v_first, v_last;
flat in vec3 v_key, v_who;
out vec4 f_colour;
vec4 relief(vec2 uv) { return textureLod(u_feedback, uv, 0.0); }
void main() {
    moods_are(v_first, v_last);
    vec2 wide = u_resolution / min(u_resolution.x, u_resolution.y), p = (v_uv * 2.0 - 1.0) * wide;
    vec2 texel = 1.0 / vec2(textureSize(u_feedback, 0)), step_by = 2.0 * wide * texel;
    vec4 here = relief(v_uv);
    // The slope, smooth between the relief's points.
    vec4 a = relief(v_uv + texel * vec2(1.0, 0.5)), b = relief(v_uv + texel * vec2(-0.5, 1.0)), c = relief(v_uv + texel * vec2(-1.0, -0.5)), d = relief(v_uv + texel * vec2(0.5, -1.0));
    vec2 slope = vec2(0.8 * (a.r - c.r) - 0.4 * (b.r - d.r), 0.8 * (b.r - d.r) + 0.4 * (a.r - c.r)) / (2.0 * step_by);
    vec4 round_by = 0.25 * (a + b + c + d);
    float on = round_by.g, shade = round_by.b, deep = round_by.a;
    // Its weave, near the eye.
    float fine = 1.0 - smoothstep(0.15, 0.6, fwidth(p.y) * 60.0);
    vec2 thread = vec2(sin(190.0 * p.x + 9.0 * slope.x), sin(190.0 * p.y + 9.0 * slope.y));
    slope += 0.012 * fine * thread;
    vec3 n = normalize(vec3(-slope, 1.0));
    float nl = dot(n, v_key), wrapped = max((nl + 0.08) / 1.08, 0.0);
    float open = 1.0 - clamp(1.15 * deep, 0.0, 0.9), lit = wrapped * (1.0 - shade);
    // The lamp stands beside the picture: its light falls off across it, and is narrow where a mood hides.
    vec2 from = (p - v_who.xy - vec2(0.0, 0.12) - 0.38 * v_key.xy) * vec2(0.85, 1.0);
    float falls = exp(-mix(0.62, 0.95, MOOD[FEAR]) * dot(from, from));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, 0.42 * p + 0.15 * slope + 0.5);
    vec3 own[4] = vec3[4](u_palette[0], u_palette[1], u_palette[2], u_palette[3]);
    float tone = clamp(0.38 + 0.50 * lit + 0.12 * on, 0.0, 1.0);
    const vec3 WEIGHTS = vec3(0.2126, 0.7152, 0.0722);
    // Marble and linen: pale by themselves, in the mood's light.
    vec3 hue = ramp(own, tone);
    hue /= max(dot(hue, WEIGHTS), 0.02);
    vec3 cloth = 0.52 * mix(vec3(1.04, 1.0, 0.94), hue, 0.55);
    float grey = sqrt(dot(picture, WEIGHTS));
    cloth *= mix(1.0, 0.72 + 0.5 * grey, u_texture_amount);
    cloth = mix(cloth, picture * mix(0.35 + u_palette[3], vec3(1.0), own_colours()), mix(0.22 * u_texture_amount, 1.0, own_colours()));
    vec3 light = cloth * lit * sqrt(lit) * falls * u_light * 3.2;
    // What comes back from the room.
    vec3 room = mix(u_palette[1] / max(dot(u_palette[1], WEIGHTS), 0.02), vec3(1.0), 0.3);
    light += cloth * room * u_fill * 0.07 * open * (0.6 + 0.4 * n.y) * (0.25 + 0.75 * falls);
    // The second lamp from the other side grazes what is steep.
    vec3 other = normalize(vec3(-v_key.x, 0.35 * v_key.y - 0.1, 0.05));
    float rim = max(dot(n, other) - 0.15, 0.0), steep = 1.0 - n.z;
    light += mix(u_counter, u_palette[3], 0.15) * rim * steep * open * 1.3 * (0.4 + 0.6 * u_light) * (0.35 + 0.65 * falls);
    light *= mix(0.15, 1.0, open);
    // Joy: a sun behind the cloth shines through where nobody lies against it; creases stand dark before it.
    float sun = exp(-1.1 * length(p - v_who.xy - vec2(0.0, 0.10)) );
    light += MOOD[HAPPY] * mix(u_palette[2], u_palette[3], 0.35 + 0.6 * sun) * 1.5 * sun * (1.0 - 0.92 * on) * (0.45 + 0.55 * smoothstep(0.9, 0.0, length(slope))) * open * u_light;
    light *= 1.0 + 0.5 * u_welcome;
    f_colour = vec4(light * u_fade, u_fade);
}
