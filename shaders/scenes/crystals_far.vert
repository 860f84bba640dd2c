#version 330 core
// Crystals as large as columns a long way behind the groups: what the haze leaves of them. They stand, lean, hang or radiate as the mood's own do.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/light/own_colours.glsl"
#include "lib/form/moods.glsl"
#include "lib/form/mood_lot.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"

in vec2 in_uv;

out vec2 v_at;            // across [-1, 1] of its half width, along from the root 0 to the tip 1, each a little beyond
flat out vec4 v_form;     // how far below the tip its faces end, how blurred (half widths), how blurred (lengths), where the edge between its faces lies
flat out vec3 v_lit, v_dark;
flat out vec2 v_there;    // how much of it the haze leaves; how soon its foot is lost

const float MANY = 9.0;

void main() {
    moods_here();
    float n = float(gl_InstanceID), sure, wide = max(u_resolution.x / u_resolution.y, 1.0), tall = max(u_resolution.y / u_resolution.x, 1.0);
    vec4 lot = lots(gl_InstanceID * 7 + int(u_self[0].x * 1021.0)), more = lots(gl_InstanceID * 7 + 4 + int(u_self[0].x * 1021.0));
    int mood = mood_lot(fract(n * 0.5698403 + u_self[0].x), sure);
    // Few large ones, many small, drawn to one side and the other of the group; those farthest away first.
    float natural = exp(1.1 * (lot.y + lot.z + lot.w - 1.5)), far = 1.0 - n / MANY, u = 2.0 * fract(n * 0.7548777 + u_self[0].x) - 1.0, side = u < 0.0 ? -1.0 : 1.0;
    vec2 group = vec2(bed_middle(0).x, place_horizon_y());
    vec2 root = vec2(0.3 * group.x + wide * (0.16 * side + 0.86 * u + 0.12 * sin(9.0 * u + 30.0 * u_self[0].x)), group.y - 0.06 - 0.05 * (1.0 - far));
    float turn = 0.36 * (more.x - 0.5) + 0.14 * side, reach = 0.50 * natural * (0.55 + 0.75 * abs(u)), slim = 0.10 + 0.09 * more.y, tip = 0.16 + 0.16 * more.z, there = mix(0.25, 0.62, 1.0 - far);
    if (mood == HAPPY) {
        turn = 0.75 * (root.x - group.x) / wide + 0.3 * (more.x - 0.5);
        reach *= 1.25;
    } else if (mood == ANGRY) {
        float to = u_self[0].x < 0.5 ? -1.0 : 1.0;
        turn = to * (0.60 + 0.5 * more.x) * (more.w < 0.85 ? 1.0 : -0.6);
        reach *= 1.35;
        slim *= 0.85;
        tip = 0.45;
    } else if (mood == SAD) {
        // Columns of ice that hang.
        root.y = u_resolution.y / min(u_resolution.x, u_resolution.y) + 0.05;
        turn = 3.14159265 + 0.03 * (more.x - 0.5);
        reach = (0.35 + 0.9 * natural * (0.4 + 0.6 * abs(u))) * mix(1.0, 0.6, far);
        slim = 0.085 + 0.03 * more.y;
        tip = 0.85;
        there *= 0.28;
    } else if (mood == FEAR) {
        // They lean over who is there.
        turn = -side * (0.18 + 0.45 * more.x) * smoothstep(0.1, 0.5, abs(u));
        reach *= 1.65;
        slim *= 0.8;
        tip = 0.34;
    } else if (mood == DISGUST) {
        turn = 0.9 * (more.x - 0.5);
        reach *= 0.70;
        slim *= 1.7;
        tip = 0.60;
    } else if (mood == SURPRISE) {
        turn = 6.2831853 * fract(n * 0.6180340 + u_self[0].x);
        root = group + vec2(0.0, 0.45) + vec2(sin(turn), cos(turn)) * 0.5;
        reach = 0.5 + 0.55 * natural;
        slim = 0.05 + 0.05 * more.y;
        tip = 0.5;
        there *= 0.28;
    } else if (mood == ASLEEP) {
        reach *= 0.7;
        there *= 0.7;
    }
    reach = min(reach, 1.5) * sure * smoothstep(0.0, 0.1, sure);
    if (mood == NEUTRAL || mood == ASLEEP) {
        reach = min(reach, 0.75 + 0.3 * lot.x) * sure;
        there *= 0.75;
    }
    vec2 way = vec2(sin(turn), cos(turn)), aside = vec2(way.y, -way.x);
    // It ends below the picture's upper edge, but for what hangs from there.
    if (mood != SAD) reach = min(reach, (u_resolution.y / min(u_resolution.x, u_resolution.y) - 0.06 - root.y) / max(way.y, 0.2));
    float half_ = max(reach * slim, 1e-4), blur = mix(0.050, 0.012, 1.0 - far);
    v_at = vec2(in_uv.x * (1.0 + 1.5 * blur / half_), mix(-0.02, 1.0 + 1.5 * blur / max(reach, 1e-3), in_uv.y));
    v_form = vec4(tip, blur / half_, blur / max(reach, 1e-3), 0.5 * (more.w < 0.5 ? -1.0 : 1.0) * (0.5 + more.w));
    vec2 at = root + aside * v_at.x * half_ + way * v_at.y * reach, unit = 0.5 * min(u_resolution.x, u_resolution.y) / u_resolution;
    // What it is lit by is what hangs in the air behind it.
    vec3 air = backdrop_near((root + way * 0.6 * reach) * unit + 0.5), body = mix(u_palette[2], u_palette[3], 0.25);
    float strong = (0.040 + 0.045 * u_light) * (1.0 - 0.85 * own_colours()) * (0.6 + 0.4 * more.x) * mix(0.6, 1.0, u_presence);
    v_lit = 1.15 * air + body * strong * (1.0 + 0.8 * MOOD[HAPPY] - 0.65 * MOOD[FEAR]);
    v_dark = 0.55 * air + u_palette[1] * 0.05;
    v_there = vec2(there, 0.55);
    vec2 part = (at * unit + 0.5 - u_part.xy) / u_part.zw;
    gl_Position = reach < 0.02 ? vec4(0.0, 0.0, 2.0, 1.0) : vec4(part * 2.0 - 1.0, 0.99, 1.0);
}
