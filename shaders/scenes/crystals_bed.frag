#version 330 core
// The bed of rock: wet stone under the groups, their light and their shadow on it, water in its hollows, haze in the distance; and
// light behind the groups.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/form/moods.glsl"
#include "lib/form/bed.glsl"
#include "lib/view/to_clip.glsl"

in vec2 v_uv;
out vec4 f_colour;

void main() {
    moods();
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    float lit = mix(0.35, 1.0, u_presence), far = FLOOR / min(p.y, -1e-3);
    vec2 at = vec2(p.x * far, EYE - EYE * far);
    // Light from behind, low over the ground.
    vec3 air = mix(u_palette[1], u_palette[2], 0.35) * 0.30 * exp(-3.5 * abs(p.y + 0.05)) * exp(-0.35 * p.x * p.x) * lit;
    float slit = MOOD[FEAR] * exp(-90.0 * p.x * p.x) * smoothstep(1.1, -0.3, p.y);
    float sun = MOOD[HAPPY] * exp(-2.2 * dot(p - vec2(0.0, -0.1), p - vec2(0.0, -0.1)));
    float d = length((p - vec2(u_place[0].x, 0.06)) * vec2(1.0, 1.0)) - 0.36;
    float ring = MOOD[SURPRISE] * (exp(-60.0 * d * d) + 0.4 * exp(-6.0 * d * d));
    air += u_palette[3] * (slit * 0.8 + ring * 0.45) + mix(u_palette[2], u_palette[3], 0.5) * sun * 0.5;
    if (p.y > -0.02) {
        f_colour = vec4(air * u_fade, 0.0);
        return;
    }
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, at * vec2(0.55, 0.40) + 0.3);
    float grey = dot(picture, vec3(0.3333)), near = exp(-0.30 * max(far - 0.7, 0.0));
    // Hollows hold water.
    float wet = smoothstep(0.52, 0.30, grey - 0.30 * MOOD[SAD] - 0.1 * MOOD[FEAR]);
    vec3 stone = mix(u_palette[0] * 1.5 + u_palette[1] * 0.30, u_palette[1] * 0.55 + u_palette[2] * 0.05, grey) * (0.35 + 1.3 * grey);
    float bump = (picture.g - picture.r) * 3.0 * near;
    vec3 light = stone * (0.30 + 0.45 * u_light * max(0.5 + bump, 0.0)) * lit;
    float shadow = 1.0;
    for (int i = 0; i < u_people; i++) {
        vec3 middle = bed_middle(i);
        vec2 away = (at - middle.xz) / (0.2 + 0.8 * u_place[i].z);
        float r2 = dot(away, away), here = u_place[i].w;
        shadow *= 1.0 - 0.75 * here * exp(-7.0 * r2);
        light += mix(u_palette[1], u_palette[2], 0.6) * here * exp(-1.7 * r2) * (0.10 + 0.30 * u_glow + 0.6 * u_welcome) * (0.35 + 1.5 * grey);
    }
    light *= shadow;
    // Water mirrors the light behind; a low one draws a path.
    vec3 mirrored = mix(u_palette[1], u_palette[2], 0.35) * 0.30 * exp(-1.2 * abs(p.y)) + u_palette[3] * (0.10 * exp(-2.5 * p.x * p.x) + 0.5 * MOOD[FEAR] * exp(-60.0 * p.x * p.x));
    float grazing = pow(clamp(1.0 + p.y * 0.8, 0.0, 1.0), 2.0);
    light += mirrored * wet * (0.25 + 0.75 * grazing) * lit * shadow;
    float gone = 1.0 - exp(-0.16 * max(far - 1.0, 0.0) - u_fog * 0.25 * max(far - 1.0, 0.0));
    f_colour = vec4(mix(light, air, gone) * u_fade, (1.0 - gone) * u_fade);
}
