#version 330 core
// The mantle of a statue: as its skin, darker in its folds.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/body/carving.glsl"
#include "lib/body/slabs.glsl"
#include "lib/body/grains.glsl"
#include "lib/body/stone_light.glsl"
#include "lib/body/stone_skin.glsl"

void main() {
    stone_skin(vec3(0.0), 0.0, mix(0.35, 1.0, mix(1.0, v_place.x, smoothstep(0.0, 0.3, v_place.y))), 1.0, 1.0);
}
