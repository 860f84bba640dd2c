#version 330 core
// A group of crystals for each visitor that grows from the bed of rock. Each instance is two hulls: first the likeness in the wet ground
// (of the larger ones only), then the crystal that stands; what is seen in them crystals.frag finds along the eye's ray.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/beat.glsl"
#include "lib/motion/throb.glsl"
#include "lib/light/key.glsl"
#include "lib/form/moods.glsl"
#include "lib/form/mood_lot.glsl"
#include "lib/form/shard_frame.glsl"
#include "lib/form/facets.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"
#include "lib/form/bed_haze.glsl"
#include "lib/form/druse.glsl"

uniform float u_shards;

const int CORNERS = 14;  // of one hull of the mesh: twice its sides and two tips

in vec3 in_position;

out vec3 v_at;           // in the crystal's own room, in radii
out vec3 v_position;     // in the common room, of what stands
flat out vec3 v_eye;     // the eye in the crystal's room
flat out vec3 v_wide_a, v_wide_b, v_tip_a, v_tip_b;  // its planes
flat out vec4 v_shape;   // slope, taper, length, radius in scene units
flat out vec4 v_colour;  // the crystal's own light; 0: the palette's; then its random number
flat out mat3 v_frame;   // its side, axis, other side in the room
flat out vec4 v_haze;    // the room behind it, and how far that swallows it
flat out vec3 v_key;     // where the key light comes from, in the crystal's room
flat out vec3 v_state;   // likeness, how much light wells up in it, how deep in the group it grows

// The group answers the face: an open mouth parts it, a smile spreads it, brows that come down make blades, corners that sink bend it.
void answer_face(inout Crystal one, out float spirit) {
    vec4 brows = u_expression[u_shape * 4], eyes = u_expression[u_shape * 4 + 1], mouth = u_expression[u_shape * 4 + 2], turn = u_turn[u_shape];
    vec2 out_by = one.root.xz / (length(one.root.xz) + 0.15);
    float ground = smoothstep(1.2, 0.4, one.root.y);
    one.root.xz += out_by * 0.28 * mouth.x * ground;
    one.way.xz += out_by * (0.7 * mouth.x + 0.45 * mouth.y) * ground;
    one.way += vec3(0.5 * sin(turn.z) + 0.35 * sin(turn.x), -0.5 * mouth.z, 0.3 * sin(turn.y)) * ground * u_seen[u_shape].w;
    one.reach *= 1.0 + 0.18 * mouth.y + 0.20 * max(brows.x, brows.y) + 0.15 * eyes.z;
    one.slope = mix(one.slope, 6.0, 0.8 * brows.z);
    one.thick *= 1.0 - 0.35 * brows.z;
    spirit = (1.0 + 1.3 * mouth.x + 0.8 * eyes.z) * (1.0 - 0.55 * min(eyes.x, eyes.y));
}

// A raised hand lifts a sheaf out of the ground where it is.
void answer_hands(inout Crystal one, float n, float random, vec3 middle, float scale) {
    if (fract(n * 0.125 + 0.01) < 0.86) return;
    vec4 hand = u_joints[u_shape * JOINTS + (fract(n * 0.0625 + 0.01) < 0.5 ? LEFT_WRIST : RIGHT_WRIST)];
    float up = hand.w * smoothstep(-0.30, 0.10, hand.y), other = hash11(random * 31.7);
    float edge = max(u_resolution.x / u_resolution.y, 1.0) - 0.35;
    vec2 off = vec2(random - 0.5, other - 0.5);
    // It sinks where it was and rises where the hand is: none hangs half way.
    float stays = 1.0 - smoothstep(0.0, 0.45, up), comes = smoothstep(0.55, 1.0, up);
    one.reach *= stays;
    one.thick *= stays;
    if (up < 0.5) return;
    one.root = vec3((clamp(hand.x, -edge, edge) - middle.x) / scale + 0.15 * off.x, -0.03, 0.25 + 0.3 * off.y);
    one.way = normalize(vec3(0.45 * off.x, 1.0, 0.4 * off.y));
    one.reach = comes * (hand.y - place_horizon_y() - FLOOR) * (0.22 + 0.78 * random * random * random) / scale;
    one.reach *= 1.0 - 0.7 * MOOD[DISGUST] - 0.8 * MOOD[SURPRISE] - 0.6 * MOOD[FEAR];
    one.thick = comes * (0.020 + 0.030 * other) * (0.5 + one.reach);
}

void main() {
    moods_here();
    int corner = gl_VertexID % CORNERS;
    bool likeness = gl_VertexID < CORNERS;
    float n = float(gl_InstanceID), self = u_self[u_shape].x, scale = bed_size(u_shape), random = hash11(n * 1.7 + 3.1 + self);
    v_at = v_position = v_eye = v_wide_a = v_wide_b = v_tip_a = v_tip_b = v_state = vec3(0.0);
    v_shape = vec4(1.0);
    v_colour = vec4(0.0, 0.0, 0.0, random);
    v_haze = vec4(0.0);
    v_key = vec3(0.0, 1.0, 0.0);
    v_frame = mat3(1.0);
    gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
    // Who stands so near that only a face is seen has a larger group.
    scale *= 1.0 + 0.25 * u_seen[u_shape].w * clamp(1.0 - 0.6 * u_seen[u_shape].x, 0.0, 1.0);
    Crystal one = druse(n, u_shards, self, scale);
    if (likeness && one.reach < 0.38) return;
    float here = mix(1.0, u_place[u_shape].w, smoothstep(0.02, 0.3, u_presence));
    one.reach *= here * (1.0 + 0.18 * u_pulse * beat(self * 6.0 - 1.5 * random) + 0.15 * u_welcome + 0.35 * u_welcome * random);
    one.thick *= mix(0.3, 1.0, here);
    answer_face(one, v_state.y);
    // In fear the few in the middle have a light that those round them lack.
    v_state.y *= mix(1.0, mix(0.30, 3.6, smoothstep(0.7, 0.4, length(one.root.xz))), MOOD[FEAR]);
    answer_hands(one, n, random, bed_middle(u_shape), scale);
    if (one.reach < 1e-3) return;
    one.way = normalize(one.way + u_tremble * 0.035 * sin(u_phase * vec3(15.0, 17.0, 13.0) + random * 40.0)
                        + u_turbulence * 0.05 * sin(u_phase * 0.9 + random * vec3(30.0, 50.0, 70.0)));
    // None is cut off by the picture's edge.
    float wide = max(u_resolution.x / u_resolution.y, 1.0), tall = max(u_resolution.y / u_resolution.x, 1.0), nearer = max(one.root.z + max(one.way.z, 0.0) * one.reach, 0.0) * scale / EYE, short_by = (0.86 + 0.14 * random) * (1.0 - nearer), aside = abs(one.way.x) + 1e-3;
    vec3 middle = bed_middle(u_shape);
    one.reach = min(one.reach, max((0.68 + tall) / scale - one.root.y, 0.0) * short_by / max(one.way.y, 0.05));
    one.reach = min(one.reach, max((wide - 0.06 - sign(one.way.x) * middle.x) / scale - sign(one.way.x) * one.root.x, 0.15) * short_by / aside);
    Facets f = facets_of(random, one.reach / one.thick, one.slope, one.flat_by, one.taper);
    float thick = one.thick * scale, pixel = 2.0 / min(u_resolution.x, u_resolution.y);
    v_frame = shard_frame(one.way, random);
    v_at = facets_corner(f, corner, 1.5 * pixel / thick, likeness);
    vec3 root = one.root * scale + middle, eye = vec3(0.0, likeness ? 2.0 * FLOOR : 0.0, EYE);
    v_eye = (eye - root) * v_frame / thick;
    v_position = root + v_frame * v_at * thick;
    v_wide_a = f.wide_a;
    v_wide_b = f.wide_b;
    v_tip_a = f.tip_a;
    v_tip_b = f.tip_b;
    v_shape = vec4(f.slope, f.taper, one.reach / one.thick, thick);
    v_state.x = likeness ? 1.0 : 0.0;
    v_state.z = exp(-3.0 * dot(one.root.xz, one.root.xz));
    vec3 p = v_position, seen = root + 0.5 * one.reach * scale * one.way;
    v_haze = bed_haze(seen);
    if (likeness) {
        p.y = 2.0 * FLOOR - p.y;
        v_frame = mat3(v_frame[0] * vec3(1.0, -1.0, 1.0), v_frame[1] * vec3(1.0, -1.0, 1.0), v_frame[2] * vec3(1.0, -1.0, 1.0));
    }
    float ember = (1.0 - u_presence) * (0.3 + 0.7 * throb(u_time * 0.7, 0.2));
    // Anger is hot at its points.
    v_state.y *= 0.03 + 0.24 * u_glow * (1.0 + 18.0 * MOOD[ANGRY]) + 3.2 * ember + 1.4 * u_welcome;
    v_key = KEY * v_frame;
    gl_Position = bed_clip(p);
}
