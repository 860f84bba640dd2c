#version 330 core
// The layers on this side of the water; they leave the middle open, where visitors stand.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/land/lay.glsl"
#include "lib/land/air.glsl"
#include "lib/noise/rough1.glsl"
#include "lib/land/outlines.glsl"
#include "lib/land/ridge.glsl"
#include "lib/land/layer.glsl"
in vec2 in_uv;
void main() {
    float k = float(gl_InstanceID), bottom = -half_picture().y, aside = abs(in_uv.x);
    float tall = mix(0.16, 0.62, smoothstep(0.10, 1.0, aside)) * (1.0 - 0.12 * k);
    lay_layer(in_uv, 0.68 + 0.15 * k, k + 11.0, mix(-0.70, bottom - 0.02, k / 2.0) + 0.05 * aside * aside, tall, bottom - 0.2, 1.0, 1.0);
}
