#version 330 core
// Blades and leaves close to the eye, out of focus: they frame the picture on the side that is free.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/moods.glsl"
#include "lib/form/garden.glsl"

in vec2 in_uv;

out vec2 v_on;
out vec3 v_air;
flat out vec4 v_kind;
flat out vec4 v_first, v_last;

void main() {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    vec2 wide = u_resolution / min(u_resolution.x, u_resolution.y);
    float n = float(gl_InstanceID), side = garden_side() * (mod(n, 4.0) == 3.0 ? -1.0 : 1.0), t = in_uv.y;
    float lot = hash11(n + 303.0), other = hash11(n + 371.0), third = hash11(n + 437.0), heavy = MOOD[SAD] + MOOD[DISGUST];
    float high = mix(0.45, 1.15, other * other) * (side == garden_side() ? 1.0 : 0.55) * (1.0 - 0.3 * MOOD[FEAR]), lean = -side * (0.10 + 0.55 * third * third) * (1.0 + 0.5 * heavy) + 0.02 * sin(0.35 * u_phase + 5.0 * lot);
    vec2 foot = vec2(side * (wide.x + 0.10 - 0.50 * lot), -wide.y - 0.08);
    vec2 at = foot + vec2(lean * t * t, high * (t - (0.30 * abs(lean) + 0.25 * heavy) * t * t));
    float thick = mix(0.030, 0.055, third) * pow(1.0 - t, 0.8) * (0.45 + 1.4 * t);
    at.x += in_uv.x * thick * 1.5;
    v_on = in_uv;
    v_kind = vec4(3.0, 1.0, lot, 0.0);
    v_air = textureLod(u_backdrop, clamp(0.5 + 0.5 * at / wide, 0.0, 1.0), 0.0).rgb;
    gl_Position = garden_clip(at);
}
