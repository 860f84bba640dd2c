#version 330 core
// A layer of land: its crest frayed as by a dry brush, ink under it that thins into mist.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/land/lay.glsl"

in vec2 v_at;
in float v_below;
in float v_tuft;
flat in vec4 v_layer;
in vec3 v_ink;
in vec3 v_mist;
in vec3 v_rim;
flat in vec4 v_first, v_last;
out vec4 f_colour;

void main() {
    moods_are(v_first, v_last);
    float near = v_layer.x, px = 2.0 / min(u_resolution.x, u_resolution.y);
    // Bristles: the worn picture, drawn out upwards; finer the farther.
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, vec2(2.3 * v_at.x, 0.9 * v_at.y + 0.37 * v_at.x) * mix(1.7, 1.0, near) + 0.31 * v_layer.y);
    float grey = dot(picture, vec3(0.3333)), fringe = mix(0.010, 0.045, near) * (1.0 - 0.6 * MOOD[ANGRY]) * (1.0 - 0.7 * MOOD[DISGUST]);
    float under = v_below - fringe * (0.42 - grey) * 2.0 * exp(-8.0 * max(v_below, 0.0));
    // Grass on what is near: blades of unlike height.
    float a = 47.0 * v_at.x + 2.0 * sin(5.3 * v_at.x) + 6.0 * v_layer.y, b = 1.93 * a + 1.5 * sin(3.1 * a), lean = 9.0 * v_below * sin(2.3 * v_at.x + 0.4 * u_phase);
    float blade = max(1.0 - 2.6 * abs(fract(a + lean) - 0.5), 0.0) * (0.35 + 0.65 * grey), fine = max(1.0 - 2.6 * abs(fract(b + lean) - 0.5), 0.0) * 0.6;
    under += max(blade, fine) * 0.105 * v_tuft * smoothstep(0.55, 1.0, near) * (1.0 - MOOD[DISGUST]) * (1.0 - 0.5 * MOOD[ANGRY]);
    // Firs on what is farther, singly and in stands: how small they are tells how large the land is.
    float row = v_at.x * mix(62.0, 21.0, near) + 5.0 * v_layer.y, fir = fract(row), kind = fract(sin(floor(row) * 12.9898 + v_layer.y) * 4375.85);
    float stand = smoothstep(0.35, 0.65, 0.5 + 0.5 * sin(2.9 * v_at.x + 3.0 * v_layer.y) * sin(7.1 * v_at.x + 1.7 * v_layer.y) + 0.35 * (kind - 0.5));
    float aside = abs(fir - 0.5 - 0.24 * (fract(7.3 * kind) - 0.5)), cone = (0.45 + 0.55 * fract(3.7 * kind)) * (1.0 - aside * (2.5 + 0.5 * sin(v_below * mix(520.0, 190.0, near))));
    float firs = max(cone, 0.0) * mix(0.026, 0.072, near) * stand * smoothstep(0.10, 0.2, near) * smoothstep(0.84, 0.70, near) * (1.0 - MOOD[DISGUST]) * (1.0 - MOOD[ANGRY]) * (1.0 - MOOD[ASLEEP]);
    float there = smoothstep(-0.5 * px, 1.2 * px, under + firs) * v_layer.w, on_land = smoothstep(-1.5 * px, 1.5 * px, under);
    vec3 light = v_ink * (0.80 + 0.55 * grey * u_texture_amount);
    light += v_rim * mix(0.25, 1.0, on_land) * (exp(-max(under, 0.0) / mix(0.012, 0.030, near)) + 0.25 * max(1.0 - 5.0 * abs(under), 0.0)) * (0.35 + 0.8 * grey);
    float mist = smoothstep(0.02, mix(0.26, 0.42, near), under) * mix(0.85, 0.35 - 0.15 * MOOD[HAPPY], near) * (1.0 - 0.35 * MOOD[ANGRY]);
    // Nearest the eye the ground is dark, and frames what is lit.
    light *= 1.0 - 0.62 * smoothstep(0.62, 0.84, near) * smoothstep(0.0, 0.14, under) * (1.0 - MOOD[FEAR]);
    // Over the water it ends in mist, as its mirror image begins.
    float shore = abs(v_at.y - SHORE) / mix(0.05, 0.025, near);
    mist = max(mist, 0.8 * exp(-shore) * step(near, 0.6));
    light = mix(light, v_mist, mist);
    light = own_tint(light, picture);
    // Mirrored, it is lost near the eye.
    f_colour = vec4(light, 1.0) * there * u_fade;
}
