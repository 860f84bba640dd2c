#version 330 core
// The body of a statue under its veil: one skin from the crown to the hem, drawn in until it lies on head and body.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/body/body_moods.glsl"
#include "lib/body/weather.glsl"
#include "lib/body/figure.glsl"
#include "lib/body/cast.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/colour/ramp.glsl"
#define HAZE_PLACE vec2(0.5, 0.6)
#include "lib/light/shade.glsl"
#include "lib/body/grains.glsl"
#include "lib/body/stone_light.glsl"
#include "lib/body/openness.glsl"
#include "lib/body/shroud.glsl"
#include "lib/body/under_cloth.glsl"
#include "lib/body/carving.glsl"
#include "lib/body/slabs.glsl"
#include "lib/body/features.glsl"
#include "lib/body/expression.glsl"
uniform float u_flesh;

in vec2 in_uv;  // x round the body in [-1, 1], y from the crown to the ground in [0, 1]

#include "lib/body/skin.glsl"

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    skin(in_uv, m, f, weather(m, f.grown), expression(u_shape, m).mouth.x);
    gl_Position = to_clip(v_position);
}
