#version 330 core
// The layers beyond the water, the farthest first, and then their mirror images.
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
    float k = float(gl_InstanceID < 3 ? gl_InstanceID : gl_InstanceID - 2), mirrored = gl_InstanceID < 3 ? 1.0 : -1.0;
    lay_layer(in_uv, 0.05 + 0.21 * k, k + 1.0, SHORE + 0.10 - 0.045 * k, 1.0 - 0.15 * k, SHORE, mirrored, 1.0);
}
