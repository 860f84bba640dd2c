#version 330 core
// The grotto that the groups stand in, from a little below the horizon to the picture's upper edge: its opening, its light and its walls in each mood.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/light/own_colours.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/form/moods.glsl"
#include "lib/place/mood.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/sun.glsl"
#include "lib/form/bed.glsl"

in vec2 in_uv;

out vec2 v_from;         // scene units from the grotto's middle on the horizon
flat out vec4 v_open;    // the opening's middle, its half width and height
flat out vec3 v_teeth;   // how long the crystals round it are, how much longer above, how blunt
flat out vec2 v_shine;   // how fine the edge between two faces is, how much tips flash
flat out vec3 v_tint;    // the second light, on one of two faces
flat out vec3 v_deep, v_lit, v_rock, v_edge;  // light behind the opening, in its middle, on the walls, on what is nearest to it
flat out vec3 v_lamp;    // where the lamp on the far shore is seen through it, and how far it is
flat out vec2 v_seed;    // of this grotto; the size of a pixel, scene units

// The opening; which side of the group it lies on follows from the group's own number.
vec4 opening(float side) {
    return MOOD[NEUTRAL] * vec4(0.42 * side, 0.36, 0.80, 0.66) + MOOD[ASLEEP] * vec4(0.42 * side, 0.34, 0.62, 0.52) + MOOD[HAPPY] * vec4(0.10 * side, 0.34, 1.25, 0.88)
        + MOOD[ANGRY] * vec4(-0.30 * side, 0.28, 0.86, 0.72) + MOOD[SAD] * vec4(0.55 * side, 0.16, 1.05, 0.52) + MOOD[FEAR] * vec4(0.10 * side, 0.55, 0.24, 1.05)
        + MOOD[DISGUST] * vec4(0.50 * side, 0.26, 0.74, 0.54) + MOOD[SURPRISE] * vec4(0.0, 0.52, 1.00, 0.92);
}

void main() {
    moods_here();
    vec2 half_size = u_resolution / min(u_resolution.x, u_resolution.y), middle = vec2(bed_middle(0).x, place_horizon_y()), from = vec2(0.35 * middle.x, middle.y);
    vec2 seen = vec2(half_size.x * in_uv.x, mix(middle.y - 0.30, half_size.y, in_uv.y));
    // Walls are far: they hardly follow who walks.
    v_from = seen - from;
    v_seed = vec2(floor(u_self[0].x * 61.0), 2.0 / min(u_resolution.x, u_resolution.y));
    // It opens to the side where there is more room.
    v_open = opening(clamp(-4.0 * middle.x + (u_self[0].x < 0.5 ? 0.5 : -0.5), -1.0, 1.0));
    v_open.x += (middle.x - from.x) * (MOOD[FEAR] + MOOD[SURPRISE]);
    v_teeth = vec3(0.42 + 0.50 * MOOD[ANGRY] + 0.10 * MOOD[SURPRISE] - 0.12 * MOOD[DISGUST] + 0.15 * MOOD[FEAR],
        0.9 * MOOD[SAD] + 0.35 * MOOD[DISGUST], MOOD[DISGUST] + 0.4 * MOOD[HAPPY]);
    v_shine = vec2(30.0 / (1.0 + 14.0 * v_teeth.z), 1.9 * (1.0 - v_teeth.z));
    v_lamp = vec3(place_lamp(u_rooms[0].xyz) - from, MOOD[SAD]);
    float own = 1.0 - 0.4 * own_colours(), awake = mix(0.55, 1.0, u_presence), dim = 1.0 - 0.55 * MOOD[FEAR] - 0.30 * MOOD[SAD] - 0.20 * MOOD[ANGRY] - 0.2 * MOOD[DISGUST];
    vec3 lamp = mix(u_palette[2], u_palette[3], 0.45);
    v_deep = (u_palette[1] * 0.30 + lamp * 0.03) * own * awake * dim;
    v_lit = lamp * (0.30 + 0.30 * MOOD[NEUTRAL] + 0.35 * MOOD[HAPPY] - 0.16 * MOOD[SURPRISE] - 0.06 * MOOD[SAD] + 0.25 * MOOD[ANGRY] + 0.12 * MOOD[DISGUST]) * own * awake * dim;
    v_rock = (u_palette[0] * 0.8 + u_palette[1] * (0.34 + 0.10 * MOOD[NEUTRAL]) + u_palette[2] * (0.035 + 0.02 * MOOD[NEUTRAL])) * own * awake * mix(1.0, dim, 0.5);
    v_edge = mix(lamp, u_counter, 0.30 - 0.26 * MOOD[HAPPY] + 0.3 * MOOD[SURPRISE] + 0.25 * MOOD[ANGRY]) * (0.26 + 0.25 * MOOD[HAPPY]) * own * awake * mix(1.0, dim, 0.6) * (0.4 + 0.6 * u_light);
    v_tint = u_counter * (0.16 - 0.11 * MOOD[SAD] - 0.09 * MOOD[SURPRISE] - 0.13 * MOOD[HAPPY]) * own * awake * mix(1.0, dim, 0.6);
    vec3 picture = worn_softly(vec2(0.5), 5.0);
    v_deep = own_tint(v_deep, picture);
    v_lit = own_tint(v_lit, picture);
    v_rock = own_tint(v_rock, picture);
    v_edge = own_tint(v_edge, picture);
    v_tint = own_tint(v_tint, picture);
    vec2 part = (seen / half_size * 0.5 + 0.5 - u_part.xy) / u_part.zw;
    gl_Position = vec4(part * 2.0 - 1.0, 0.99, 1.0);
}
