#version 330 core
// The face of a statue under its veil: the part of its skin where the features are, closer and in relief.
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
#include "lib/body/veiled.glsl"
#include "lib/body/expression.glsl"
uniform float u_flesh;

in vec2 in_uv;  // x across in [-1, 1], y from the forehead to the chin in [0, 1]

#include "lib/body/skin.glsl"
flat out vec4 v_brow, v_lids, v_mouth, v_more;

void main() {
    BodyMoods m = body_moods(u_shape);
    Figure f = figure(u_shape);
    Expression e = expression(u_shape, m);
    skin(vec2(0.74 * in_uv.x, mix(0.04, 0.36, in_uv.y)), m, f, weather(m, f.grown), e.mouth.x);
    v_position += (0.6 * v_normal + 0.4 * f.face[2]) * 0.22 * f.size * veiled(v_place.xy, e) * v_place.z;
    v_brow = e.brow; v_lids = e.lids; v_mouth = e.mouth; v_more = e.more;
    gl_Position = to_clip(v_position);
}
