#version 330 core
// A crystal's face: the far faces and the core seen through it, veils in the depth, a sharp glint, light from behind at the edges.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_sharp.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/light/glass.glsl"
#include "lib/motion/throb.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"
#include "lib/form/bed_stone.glsl"

in vec3 v_position;
in vec3 v_within;
in vec4 v_colour;
flat in mat3 v_frame;
flat in vec3 v_size;
in float v_along;
flat in float v_likeness;
flat in float v_spirit;

out vec4 f_colour;

const vec3 BEHIND = vec3(0.36, 0.42, -0.83);

void main() {
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position);
    // Faces are flat: their normals come out of the picture itself.
    vec3 n = normalize(cross(dFdx(v_position), dFdy(v_position)) + vec3(0.0, 0.0, 1e-9));
    n = dot(n, v) < 0.0 ? -n : n;
    float along = v_along, random = v_colour.w;
    float born = step(1e-4, v_colour.r + v_colour.g + v_colour.b);
    float rough = mix(0.06, 0.34, u_roughness);
    vec3 ray = refract(-v, n, 0.667) * v_frame;
    vec4 far;
    float bevel;
    vec3 room = glass(v_within, ray, v_frame, v_size, far, bevel);
    // Veils: the picture hangs in the depth, half way through. In the likeness it is the wet stone before it.
    vec3 inside = v_within + ray * (0.45 * far.x * v_size.y), seen = v_position * (EYE / (EYE - v_position.z));
    vec2 uv = v_likeness > 0.5 ? bed_uv(bed_at(seen.xy + vec2(0.0, place_horizon_y())).xy) : inside.xy * vec2(1.6, 0.7) + random * 7.0;
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, uv);
    float grey = dot(picture, vec3(0.2126, 0.7152, 0.0722)), veil = smoothstep(0.28, 0.70, grey);
    float tone = 0.05 + 0.50 * along + 0.25 * (random - 0.5) + u_self[u_shape].y + 0.20 * far.z;
    vec3 own = dress_own(picture, tone), body = mix(own, v_colour.rgb * (0.5 + 0.7 * grey), born);
    vec3 lamp = mix(mix(u_palette[2], u_palette[3], 0.30 + 0.6 * far.w), v_colour.rgb, born);
    // What comes through takes the body's colour, the more the longer its way.
    vec3 clear = mix(vec3(0.9), body / (max(body.r, max(body.g, body.b)) + 0.04), 1.0 - exp(-0.9 * far.x));
    float ground = smoothstep(-0.02, 0.30, along), lit = 0.55 * u_light + 0.75 * u_fill, facing = max(dot(n, KEY), 0.0);
    vec3 light = room * clear * (0.10 + 0.60 * veil) * mix(0.2, 1.0, ground) * lit;
    light += body * (0.02 + 0.24 * facing * facing * u_light) * mix(0.3, 1.0, ground);
    light += clear * lamp * far.y * 0.22 * lit * ground;
    // Light wells up the core from the root and gathers in the tip.
    float ember = (1.0 - u_presence) * (0.3 + 0.7 * throb(u_time * 0.7, 0.2)) * (1.0 - born);
    float well = exp(-2.2 * far.w) + (0.60 + 0.7 * max(u_droop, 0.0)) * smoothstep(0.55, 1.0, far.w);
    light += lamp * far.z * well * v_spirit * (0.48 + 0.95 * u_glow + 0.45 * ember + 2.6 * u_welcome * (1.0 - born)) * (0.35 + 1.1 * veil);
    // The wet skin: the room, the key's glint, bevelled edges, and the light behind the group.
    float nv = max(dot(n, v), 0.0), side = 1.0 - nv, fresnel = 0.07 + 0.93 * side * side * side * side * side;
    light += environment_sharp(reflect(-v, n)) * fresnel * u_fill;
    light += vec3(min(ggx(n, v, KEY, rough + 0.05, 0.08) * facing, 0.32)) * u_light * (1.0 - 0.6 * u_emotion[2]) * 2.0 * vec3(1.0, 0.96, 0.90);
    light += mix(lamp, vec3(1.0), 0.4) * bevel * (0.06 + 0.4 * facing + 0.25 * along) * 0.45 * mix(0.5, 1.0, u_presence) * (1.0 - 0.6 * u_emotion[2]) * ground;
    float behind = max(dot(n, BEHIND) + 0.25, 0.0);
    light += u_counter * (side * side * behind * 1.3 + 0.10 * behind) * ground;
    light = own_tint(light, picture);
    // In fear roots are lost in the dark and what points is lit from the gap.
    light *= mix(1.0, 0.30 + 1.2 * along * along, step(v_spirit, 1.0) * (1.0 - v_likeness) * (1.0 - born) * u_emotion[2] * u_presence);
    // No single pixel of a thin edge burns; with nobody there all is half asleep.
    light *= mix(0.60, 1.0, max(u_presence, u_welcome)) * (1.0 + 0.6 * u_welcome) / (1.0 + 0.6 * max(dot(light, vec3(0.2126, 0.7152, 0.0722)) - 0.7, 0.0));
    // Depth is swallowed by the room; the likeness in the ground by the water.
    vec2 behind_uv = (seen.xy + vec2(0.0, place_horizon_y())) * min(u_resolution.x, u_resolution.y) / u_resolution * 0.5 + 0.5;
    light = mix(light, backdrop_near(behind_uv), (1.0 - exp(-0.45 * max(-0.1 - v_position.z, 0.0) * (1.0 + u_fog))) * mix(0.8, 1.0, born));
    float cover = mix(1.0, 0.62 * bed_wet(grey) * exp(-1.6 * max(FLOOR - v_position.y, 0.0)), v_likeness);
    f_colour = vec4(light * u_fade, u_fade) * cover;
}
