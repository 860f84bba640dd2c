#version 330 core
// The land's skin: the generated picture spread to the horizon, wet or dry, with the sun's path on it.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/form/moods.glsl"
#include "lib/land/ground.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/beat.glsl"
#include "lib/land/relief.glsl"
#include "lib/land/air.glsl"
#include "lib/land/sky.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/noise/lots.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"
#include "lib/land/painted_land.glsl"

in vec3 v_place;
in vec3 v_normal;
flat in vec4 v_first, v_last;
flat in vec3 v_sun;
out vec4 f_colour;

float grey_at(vec2 uv) { return dot(worn(u_texture_before, u_texture, u_texture_share, uv), vec3(0.3333)); }

// The land in the mood's colours: the worn picture under key light and sun.
vec3 in_the_palette(vec3 n, vec3 v, vec3 sun, vec3 picture, float against, float lit) {
    // Slopes show the layers that they are cut from; level ground lies over them.
    float layer = 4.5 * v_place.y + 1.8 * (picture.r - picture.b) + 0.35 * sin(1.3 * v_place.x + v_place.z) + 0.35 * sin(19.0 * v_place.y), steep = smoothstep(0.10, 0.45, 1.0 - n.y);
    float strata = mix(1.0, 0.76 + 0.36 * smoothstep(0.2, 0.8, abs(fract(layer) * 2.0 - 1.0)), steep * exp(-0.05 * v_place.z));
    vec3 albedo = dress(picture, 0.12 + 0.42 * clamp(v_place.y, 0.0, 1.0) + 0.25 * (1.0 - n.y)) * strata;
    // The room's key light stands to the viewer's side: here z runs away from the eye.
    vec3 turned = vec3(1.0, 1.0, -1.0);
    float wrapped = max((dot(n * turned, KEY) + 0.2) / 1.2, 0.0);
    vec3 light = albedo * (wrapped * u_light * 0.85 + environment(n * turned, 1.0) * u_fill * (0.30 + 0.25 * n.y)) * mix(0.45, 0.60, u_presence);
    // Slime shines where the key light meets it.
    float slick = MOOD[DISGUST] * ggx(n * turned, v * turned, KEY, 0.20, 0.06) * max(dot(n * turned, KEY), 0.0);
    light += mix(u_palette[3], vec3(1.0), 0.3) * min(slick, 0.8) * u_light + MOOD[DISGUST] * albedo * 0.35;
    light += albedo * u_palette[3] * against * lit * 1.1;
    // Wet land mirrors the sky; the sun's path lies on it.
    vec3 mirrored = reflect(-v, n);
    mirrored.y = abs(mirrored.y);
    float fresnel = 0.03 + 0.97 * pow(1.0 - max(dot(n, v), 0.0), 4.0);
#ifdef ON_PROCESSOR
    vec3 above = air(mirrored);
#else
    vec3 above = sky(mirrored);
#endif
    light += above * fresnel * (1.0 - 0.55 * u_roughness) * mix(0.25, 1.0, smoothstep(0.35, 0.85, n.y));
    return light + u_palette[3] * ggx(n, v, sun, max(u_roughness, 0.16), 0.05) * against * lit * 2.0;
}

// The land in the light and colours of the picture behind it, laid in strokes that follow its height and grow towards the eye.
vec3 in_the_picture(vec3 n, vec3 v, vec2 at, float far, float grey, float against) {
    float root = sqrt(v_place.z), small = 0.062, wide_px = small * LENS / root * 0.5 * min(u_resolution.x, u_resolution.y);
    stroke_hairs = smoothstep(4.0, 14.0, wide_px);
    vec2 place = vec2(v_place.x / root, 2.0 * root + 1.1 * v_place.y / root);
    Stroke s = strokes(place, small, vec2(0.985, 0.174), 0);
    vec2 middle = at + (s.middle - place) * vec2(1.0, 0.7) * LENS / root;
    // What rises over the horizon is of the land's colours, not of the sky behind it.
    vec2 ground = vec2(middle.x, min(middle.y, HORIZON - 0.10 - 0.45 * max(middle.y - HORIZON, 0.0)));
    // Strokes of few pixels differ less: their borders are as coarse as the pixels are.
    float bold = mix(0.45, 1.0, smoothstep(6.0, 18.0, wide_px));
    vec3 own = painted_soft(ground, mix(2.4, 1.8, bold)) * (1.0 + bold * (-0.22 + 0.24 * s.lot.y + 0.20 * s.hair));
    // Thick paint: light from above catches a stroke's upper side.
    own *= 1.0 + 0.16 * s.side * smoothstep(3.0, 9.0, wide_px);
    vec3 sky_light = painted_soft(vec2(at.x, HORIZON + 0.45), 5.0);
    float key = max(dot(n, KEY * vec3(1.0, 1.0, -1.0)), 0.0);
    float form = 0.24 + 0.26 * n.y * n.y + 0.85 * against + 0.66 * key * key;
    float drawing = mix(1.0, 0.45 + 1.2 * grey, exp(-0.12 * far));
    vec3 light = own * form * drawing;
    float fresnel = pow(1.0 - max(dot(n, v), 0.0), 4.0);
    return light + sky_light * (fresnel * 0.30 * (1.0 - 0.55 * u_roughness) + 0.03);
}

void main() {
    moods_are(v_first, v_last);
    SUN = v_sun;
    vec3 from = v_place - vec3(0.0, GROUND_EYE, 0.0);
    float far = length(from);
    vec3 ray = from / far, n = normalize(v_normal);
    vec2 uv = vec2(v_place.x, v_place.z + 0.32 * u_phase + 0.6 * v_place.y) * 0.34;
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, uv);
    float grey = dot(picture, vec3(0.3333));
    // The picture's light and dark are relief, too: grain near by, gone in the distance.
    float grain = (0.20 + 0.8 * u_texture_amount) * exp(-0.22 * far);
#ifdef ON_PROCESSOR
    vec2 rise = picture.gb - picture.rg;
#else
    vec2 rise = vec2(grey_at(uv + vec2(0.012, 0.0)), grey_at(uv + vec2(0.0, 0.012))) - grey;
#endif
    n = normalize(n - grain * vec3(rise.x, 0.0, rise.y));
    vec3 sun = sun_direction(), v = -ray;
    float lit = mix(0.35, 1.0, u_presence) * u_light;

    float against = max(dot(n, sun), 0.0);
    vec3 light = vec3(0.0);
#ifndef WHOLE_PICTURE
    light = own_tint(in_the_palette(n, v, sun, picture, against, lit), picture);
#endif
#ifndef NO_PICTURE
    vec2 at = seen_at(v_place);
    light = mix(light, in_the_picture(n, v, at, far, grey, against), u_picture_strength);
#endif
    // Distant fire in the crater's mouth; wet slime shines.
    vec2 fire = v_place.xz - VOLCANO - vec2(0.8, 0.0);
    light += MOOD[ANGRY] * mix(u_palette[2], u_palette[3], 0.5) * 0.9 * exp(-1.6 * dot(fire, fire)) * smoothstep(1.4, 2.6, v_place.y);
    // Embers in the folds of the picture.
    light += u_palette[3] * u_glow * (0.55 - 0.35 * u_picture_strength) * smoothstep(0.30, 0.75, grey) * smoothstep(0.25, -0.02, v_place.y) * exp(-0.15 * far);
    // Arrival: a ring of light runs out over the land.
    for (int who = 0; who < u_people; who++) {
        float out_by = length(v_place.xz - vec2(u_place[who].x * 2.5 / LENS, 2.5)) - 0.7 - 7.0 * (1.0 - u_welcome);
        light += u_palette[3] * u_welcome * u_place[who].w * 0.8 * exp(-5.0 * out_by * out_by);
    }
    // Distance turns into sky, so that no edge of the world is seen.
    float swallowed = 1.0 - exp(-far * far * (0.0010 + 0.022 * u_fog * u_fog) - far * 0.06 * u_fog);
    swallowed = max(swallowed, smoothstep(18.0, 33.0, v_place.z));
    // Near by it is dusk already, and night with nobody there.
    light *= mix(0.72, 1.0, u_presence) * mix(mix(0.75, 0.70, u_picture_strength), 1.0, smoothstep(0.4, 2.6, v_place.z));
    vec3 distance_light = vec3(0.0);
#ifndef WHOLE_PICTURE
    distance_light = air(normalize(vec3(ray.x, 0.0, ray.z)));
#endif
#ifndef NO_PICTURE
    // The backdrop stands nearer than the sky.
    distance_light = mix(distance_light, painted_sky(at), u_picture_strength);
    swallowed = max(swallowed, u_picture_strength * smoothstep(3.5, 15.0, v_place.z));
#endif
    light = mix(light, distance_light, swallowed);
    f_colour = vec4(light * u_fade, u_fade);
}
