#version 330 core
// The arms of a statue: sleeves, and hands with fingers.
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
    vec2 q = v_place.xy;
    float fine = fwidth(q.y), high = 0.0, hollow = 1.0, cover = 1.0;
    if (q.y > 0.01) {
        // Fingers: four, of unlike length, round, parted from the knuckles on.
        float finger = (0.5 + 0.5 * q.x) * 4.0, which = min(floor(finger), 3.0), off = 2.0 * (finger - which) - 1.0, parted = smoothstep(0.42, 0.60, q.y);
        float reach = (which == 1.0 ? 1.0 : which == 2.0 ? 0.96 : which == 0.0 ? 0.86 : 0.80) - 0.09 * (1.0 - sqrt(max(1.0 - off * off, 0.0)));
        float beyond = max(q.y - reach, 0.5 * (abs(off) - 1.0 + 0.16 * smoothstep(0.50, 0.80, q.y) - smoothstep(0.52, 0.42, q.y)));
        cover = smoothstep(0.5, -0.5, beyond / max(fine, 1e-4));
        high += 0.020 * v_own.x * parted * sqrt(max(1.0 - off * off, 0.0));
        hollow = mix(1.0, smoothstep(1.05, 0.60, abs(off)), 0.75 * parted);
    }
    stone_skin(vec3(0.0), high, hollow, smoothstep(0.0, 0.3, q.y), cover);
}
