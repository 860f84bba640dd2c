#version 330 core
// The sky over the land, and its light where the land has not been drawn yet.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/form/moods.glsl"
#include "lib/land/ground.glsl"
#include "lib/land/relief.glsl"
#include "lib/land/air.glsl"
#include "lib/land/sky.glsl"
#include "lib/land/weather.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/noise/lots.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"
#include "lib/land/painted_land.glsl"

in vec2 v_uv;
flat in vec4 v_first, v_last;
flat in vec3 v_sun;
out vec4 f_colour;

// Under the horizon the backdrop lies in shadow, nearly all of it behind the land.
float under(vec2 at) { return mix(0.20, 1.0, smoothstep(-0.70, 0.0, at.y - HORIZON)); }

void main() {
    moods_are(v_first, v_last);
    SUN = v_sun;
    vec2 at = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    if (at.y < HORIZON - 0.25) {
        // Of the land's own colour: where the land leaves a gap, it is no hole.
        vec3 below = air(ground_ray(vec2(at.x, HORIZON))) * 0.35;
#ifndef NO_PICTURE
        below = mix(below, painted_soft(at, 2.0) * under(at), u_picture_strength);
#endif
        f_colour = vec4(below * u_fade, u_fade);
        return;
    }
    vec3 d = ground_ray(vec2(at.x, max(at.y, HORIZON)));
    vec3 light = vec3(0.0);
#ifndef WHOLE_PICTURE
    light = sky(d);
    vec3 strands = worn(u_texture_before, u_texture, u_texture_share, vec2(d.x * 1.1 + 0.004 * u_phase, 0.02 * d.y + 0.06 * u_phase));
    light = own_tint(weather(light, at, strands.g), strands);
#endif
#ifndef NO_PICTURE
    // The composed picture is the sky; of the sun only a breath is left, for it has its own light.
    float near = exp(-13.0 * (1.0 - max(dot(d, sun_direction()), 0.0)));
    light = mix(light, weather(painted_sky(at) * under(at), at, 0.5) + u_palette[3] * near * (0.10 + 0.30 * MOOD[HAPPY]) * u_light, u_picture_strength);
#endif
    f_colour = vec4(light * u_fade, u_fade);
}
