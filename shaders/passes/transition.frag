#version 330 core
// From one scene to the next: a front that begins at the visitors. What is bright of the old scene stays longest, the new one
// grows first where the old one was bright, and out of the visitors' middles; where they meet there is a breath of light.
#include "lib/frame.glsl"
#include "lib/noise/swell3.glsl"
uniform sampler2D u_scene_before, u_scene_after;
uniform float u_share;  // how far it has gone
in vec2 v_uv;
out vec4 f_colour;
const float SOFT = 0.3;
float light(vec3 c) { float l = dot(c, vec3(0.2126, 0.7152, 0.0722)); return l / (l + 0.25); }
// The old forms, spread: what is near them.
float spread(vec2 at, vec2 radius) {
    float sum = 0.0;
    for (int i = 0; i < 8; i++) {
        float turn = float(i) * 2.39996;
        sum += light(texture(u_scene_before, at + radius * sqrt((float(i) + 0.5) / 8.0) * vec2(cos(turn), sin(turn))).rgb);
    }
    return sum / 8.0;
}
void main() {
    vec2 unit = u_resolution / min(u_resolution.x, u_resolution.y);
    vec2 p = (v_uv * 2.0 - 1.0) * unit, middle = u_place[0].xy;
    float nearest = 1e3;
    for (int i = 0; i < u_people; i++) {
        vec4 chest = u_joints[i * JOINTS + CHEST];
        vec2 place = mix(u_place[i].xy, chest.xy, chest.w);
        float away = distance(p, place);
        if (away < nearest) { nearest = away; middle = place; }
    }
    // A part of a large picture is mixed from parts: what is looked up beside it ends at its edge.
    vec2 at = (v_uv - u_part.xy) / u_part.zw;
    vec4 before = texture(u_scene_before, at);
    float front = nearest / (length(unit) + length(middle)), near = spread(at, 0.12 / unit / u_part.zw);
    float order = 0.1 + 0.62 * front + 0.3 * light(before.rgb) - 0.22 * near + 0.1 * swell3(vec3(p * 2.6, u_time * 0.1));
    float share = smoothstep(0.0, 1.0, (u_share * (1.0 + SOFT) - clamp(order, 0.0, 1.0)) / SOFT);
    // It comes a little small, from the middle out.
    vec2 grown = (middle / unit * 0.5 + 0.5 - u_part.xy) / u_part.zw;
    float small = 0.18 * (1.0 - share) * (1.0 - u_share) * exp(-nearest * 0.8);
    vec4 after = texture(u_scene_after, grown + (at - grown) * (1.0 + small));
    f_colour = mix(before, after, share);
    float meet = share * (1.0 - share) * 4.0;
    f_colour.rgb += mix(u_palette[2], u_palette[3], share) * meet * (0.02 + 0.25 * max(before.a, after.a) * near) * (1.0 - 0.6 * front);
}
