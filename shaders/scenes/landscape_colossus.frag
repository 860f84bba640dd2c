#version 330 core
// The visitor as a mountain: strata and clefts, ledges of the face, the low sun along its edge, mist at its foot.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/sdf/smooth_union.glsl"
#include "lib/form/moods.glsl"
#include "lib/land/ground.glsl"
#include "lib/land/air.glsl"
#include "lib/land/colossus.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/noise/lots.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"
#include "lib/land/painted_land.glsl"

in vec2 v_at;
flat in vec4 v_first, v_last;
out vec4 f_colour;

void main() {
    moods_are(v_first, v_last);
    float ledges, size;
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_at * vec2(0.85, 0.60) + 0.37 * u_self[u_shape].x);
    float grey = dot(picture, vec3(0.3333)), form = colossus(v_at, ledges, size);
    // Rock breaks the outline; thorned moods break it more.
    vec2 seen, stands;
    colossus_scale(seen, stands);
    form += (0.55 * (grey - 0.45) + 0.20 * swell3(vec3((v_at - stands) * vec2(9.0, 5.0), 2.0))) * (0.35 + 0.45 * u_spikiness) * min(size, 0.22) * smoothstep(0.5, 1.3, length(v_at - stands) / max(size, 0.05));
    float pixel = max(fwidth(form), 1e-4), here = u_place[u_shape].w;
    float cover = smoothstep(pixel, -pixel, form) * smoothstep(0.0, 0.4, here);
    float foot = HORIZON - GROUND_EYE * LENS / 2.6;
    cover *= smoothstep(foot - 0.06, foot + 0.10, v_at.y);
    if (cover < 0.01) discard;
    float deep = clamp(-form / (0.9 * size), 0.0, 1.0);
    // Where a face is known the rock is smoother, so that it is read.
    float grain = 0.50 * min(size, 0.20) * mix(1.0, 0.45, u_seen[u_shape].y * smoothstep(1.0, 0.6, length(v_at - stands) / size));
    vec2 on = v_at - stands;
    float rock = 0.30 * (grey - 0.45) + 0.20 * swell3(vec3(on * vec2(10.0, 6.0), 1.0)) + 0.11 * swell3(vec3(on.yx * vec2(17.0, 25.0), 4.0));
    float high = size * (0.75 * sqrt(deep * (2.0 - deep)) + ledges) + grain * rock;
    vec2 rise = vec2(dFdx(high), dFdy(high)) / vec2(max(abs(dFdx(v_at.x)), 1e-5), max(abs(dFdy(v_at.y)), 1e-5));
    vec3 n = normalize(vec3(-rise, 0.8)), sun = sun_direction();
    // Strata lie nearly level, and sag where all hangs.
    float warp = 1.6 * (picture.r - picture.b) + 0.9 * sin(2.3 * v_at.x + 3.0 * v_at.y) + 0.8 * u_droop * cos(4.0 * v_at.x) + 1.5 * u_twist * v_at.x;
    float layer = 9.0 * v_at.y + warp + 0.4 * sin(31.0 * v_at.y), strata = smoothstep(0.15, 0.85, abs(fract(layer) * 2.0 - 1.0));
    strata = mix(0.5, strata, 0.35 + 0.65 * grey);
    float facing = max(dot(n, KEY), 0.0);
    vec3 light = vec3(0.0), mist = vec3(0.0);
    float edge = exp(-deep * 7.0) * smoothstep(-0.6, 0.6, dot(n.xy, normalize(vec2(sun.x / sun.z * LENS - v_at.x, 0.35))));
    float hollow = 1.0 + 2.0 * min(ledges, 0.0) / 0.28;
#ifndef WHOLE_PICTURE
    vec3 albedo = dress(picture, 0.10 + 0.25 * strata + 0.20 * n.y);
    light = albedo * (0.10 + 0.30 * u_fill * (0.5 + 0.5 * n.y) + 1.05 * u_light * facing * facing) * 0.50 * (0.80 + 0.30 * strata) * max(hollow, 0.16);
    light += u_counter * 0.16 * max(dot(n, vec3(-KEY.x, 0.25, 0.4)), 0.0) * max(hollow, 0.1) * (1.0 - 0.5 * strata);
    light += mix(u_palette[2], u_palette[3], 0.7) * edge * 0.75 * u_light;
    light = own_tint(light, picture);
    mist = air(normalize(vec3(v_at.x * 0.6, 0.02, 1.0))) * 0.7;
#endif
#ifndef NO_PICTURE
    vec3 own = painted_soft(vec2(v_at.x, HORIZON - 0.12), 2.0) * (0.72 + 0.35 * strata + 0.5 * (grey - 0.45));
    vec3 painted = own * (0.30 + 1.15 * facing * facing) * max(hollow, 0.2) + painted_soft(vec2(v_at.x, HORIZON + 0.3), 5.0) * edge * 0.6;
    light = mix(light, painted, u_picture_strength);
    mist = mix(mist, painted_soft(vec2(v_at.x, HORIZON), 3.0), u_picture_strength);
#endif
    light = mix(mist, light, mix(0.25, 1.0, smoothstep(foot - 0.02, foot + 0.42, v_at.y)) * (1.0 - 0.35 * u_fog));
    light += u_palette[3] * u_welcome * 0.25 * edge;
    f_colour = vec4(light, 1.0) * cover * u_fade;
}
