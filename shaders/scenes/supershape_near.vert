#version 330 core
// The same between the forms and the eye, at the sides: dark, and out of focus.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/place/mood.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/light/own_colours.glsl"
#include "lib/form/weed.glsl"

const int MANY = 6;
const float CLOSE = 1.0;

in vec2 in_uv;

out vec3 v_at;             // across [-1, 1], a little beyond, along from its root 0 to its end 1, how blurred (half widths)
flat out vec4 v_kind;      // light in its end; how much it is rock; how much it is a ribbon; how much of it is seen
flat out vec3 v_lit, v_dark;

void main() {
    PlaceMood m = place_mood();
    Weed w = weed(gl_InstanceID, MANY, CLOSE, m);
    vec2 picture = u_resolution / min(u_resolution.x, u_resolution.y);
    float q = in_uv.y, sway = sin(4.0 * q + 0.7 * u_phase + 9.0 * w.lot) * 0.025 * (1.0 - m.hard) * (1.0 - m.hide) * q;
    vec2 at = w.root + w.to * q + w.bend * q * q + vec2(sway, 0.0), way = w.to + 2.0 * q * w.bend + vec2(1e-4, 0.0), aside = normalize(vec2(way.y, -way.x));
    float pixel = 1.4 / min(u_resolution.x, u_resolution.y), soft = max(mix(0.0, 0.022, w.far) + 0.055 * CLOSE, pixel), lobes = 1.0 + w.lobed * 0.6 * sin(17.0 * q + 9.0 * w.lot);
    float half_ = max(w.half_ * lobes * mix(1.0, 1.0 - q, w.point) * (1.0 + 0.5 * CLOSE), 0.25 * soft), out_by = half_ + soft;
    at += aside * in_uv.x * out_by;
    v_at = vec3(in_uv.x * out_by / half_, q, soft / half_);
    // It stands in its water's light: the farther, the more of it.
    vec3 behind = backdrop_near(clamp((w.root + 0.6 * w.to) / picture * 0.5 + 0.5, 0.02, 0.98)), day = mix(u_palette[2], u_palette[3], 0.35) * (0.30 * m.open + 0.12 * m.calm + 0.12 * m.weep + 0.16 * m.murk) + u_counter * (0.12 * m.hide + 0.05 * m.burst + 0.04 * m.open);
    // What shines itself is not what lies on it.
    behind *= min(1.0, 0.10 / (dot(behind, vec3(0.2126, 0.7152, 0.0722)) + 1e-4));
    v_dark = mix(behind * mix(0.22, 0.75, w.far) + u_palette[0] * 0.5, behind * 0.12 + u_palette[0] * 0.6, CLOSE);
    v_lit = mix(v_dark + day * mix(0.85, 0.35, w.far) + behind * 0.25, v_dark + behind * 0.22 + day * 0.10, CLOSE);
    v_kind = vec4(mix(0.55, 0.10, w.far) * m.burst * (1.0 - CLOSE), clamp(m.hard + m.hide, 0.0, 1.0), clamp(m.open + m.calm, 0.0, 1.0), mix(mix(0.95, 0.7, w.far), 0.90, CLOSE) * u_stage * mix(0.7, 1.0, u_presence) * (1.0 - 0.5 * m.hide) * min(2.0 * w.half_ * 300.0, 1.0));
    // Nothing stands before a creature.
    for (int i = 0; i < u_people; i++) v_kind.w *= 1.0 - u_place[i].w * smoothstep(1.5, 1.0, abs(w.root.x + 0.5 * w.to.x - u_place[i].x));
    vec2 part = (at / picture * 0.5 + 0.5 - u_part.xy) / u_part.zw;
    gl_Position = vec4(part * 2.0 - 1.0, -0.99, 1.0);
}
