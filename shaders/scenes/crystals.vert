#version 330 core
// A group of crystals for each visitor that grows from the bed of rock. Each instance is two prisms: first the likeness in the wet ground
// (of the larger ones only), then the crystal that stands.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/beat.glsl"
#include "lib/form/moods.glsl"
#include "lib/form/shard.glsl"
#include "lib/form/druse.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/bed.glsl"

uniform float u_shards;

const int CORNERS = 14;  // of one prism of the mesh: twice its sides and two tips

in vec3 in_position;

out vec3 v_position;
out vec3 v_within;       // in the crystal's own room: across, from the root, across
out vec4 v_colour;       // the crystal's own light; 0: the palette's; then its random number
flat out mat3 v_frame;   // the crystal's side, axis, other side in the room
flat out vec3 v_size;    // length, radius, how flat
out float v_along;       // root 0 to tip 1
flat out float v_likeness;
flat out float v_spirit;  // how much light is in it: 1 at rest

// The group answers the face: an open mouth parts it, a smile spreads it, brows that come down make blades, corners that sink bend it.
void answer_face(inout Crystal one, out float spirit) {
    vec4 brows = u_expression[u_shape * 4], eyes = u_expression[u_shape * 4 + 1], mouth = u_expression[u_shape * 4 + 2], turn = u_turn[u_shape];
    vec2 out_by = one.root.xz / (length(one.root.xz) + 0.15);
    float ground = smoothstep(1.2, 0.4, one.root.y);
    one.root.xz += out_by * 0.28 * mouth.x * ground;
    one.way.xz += out_by * (0.7 * mouth.x + 0.45 * mouth.y) * ground;
    one.way += vec3(0.5 * sin(turn.z) + 0.35 * sin(turn.x), -0.5 * mouth.z, 0.3 * sin(turn.y)) * ground * u_seen[u_shape].w;
    one.reach *= 1.0 + 0.18 * mouth.y + 0.20 * max(brows.x, brows.y) + 0.15 * eyes.z;
    one.point = mix(one.point, 0.85, 0.8 * brows.z);
    one.thick *= 1.0 - 0.35 * brows.z;
    spirit = (1.0 + 1.3 * mouth.x + 0.8 * eyes.z) * (1.0 - 0.55 * min(eyes.x, eyes.y));
}

// A raised hand lifts a sheaf out of the ground where it is.
void answer_hands(inout Crystal one, float n, float random, vec3 middle, float scale) {
    if (fract(n * 0.2 + 0.01) < 0.79) return;
    vec4 hand = u_joints[u_shape * JOINTS + (fract(n * 0.1 + 0.01) < 0.5 ? LEFT_WRIST : RIGHT_WRIST)];
    float up = hand.w * smoothstep(-0.30, 0.10, hand.y), other = hash11(random * 31.7);
    vec2 off = vec2(random - 0.5, other - 0.5);
    // It sinks where it was and rises where the hand is: none hangs half way.
    float stays = 1.0 - smoothstep(0.0, 0.45, up), comes = smoothstep(0.55, 1.0, up);
    one.reach *= stays;
    one.thick *= stays;
    if (up < 0.5) return;
    one.root = vec3((hand.x - middle.x) / scale + 0.22 * off.x, 0.0, 0.25 + 0.3 * off.y);
    one.way = normalize(vec3(0.5 * off.x, 1.0, 0.5 * off.y));
    one.reach = comes * (hand.y - place_horizon_y() - FLOOR) * (0.30 + 0.70 * random * random) / scale;
    one.thick = comes * (0.05 + 0.04 * other);
}

void main() {
    moods_here();
    float likeness = gl_VertexID < CORNERS ? 1.0 : 0.0, n = float(gl_InstanceID);
    if (likeness > 0.5 && n > 0.45 * u_shards) {
        v_position = v_within = v_size = vec3(0.0);
        v_colour = vec4(0.0);
        v_frame = mat3(1.0);
        v_along = v_likeness = v_spirit = 0.0;
        gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
        return;
    }
    float self = u_self[u_shape].x, scale = u_place[u_shape].z, random = hash11(n * 1.7 + 3.1 + self);
    // Who stands so near that only a face is seen has a larger group.
    scale *= 1.0 + 0.25 * u_seen[u_shape].w * clamp(1.0 - 0.6 * u_seen[u_shape].x, 0.0, 1.0);
    Crystal one = druse(n, u_shards, self, scale);
    float here = mix(1.0, u_place[u_shape].w, smoothstep(0.02, 0.3, u_presence));
    one.reach *= here * (1.0 + 0.18 * u_pulse * beat(self * 6.0 - 1.5 * random) + 0.15 * u_welcome + 0.35 * u_welcome * random);
    one.thick *= mix(0.3, 1.0, here);
    answer_face(one, v_spirit);
    // In fear the few in the middle have a light that those round them lack.
    v_spirit *= mix(1.0, mix(0.30, 3.6, smoothstep(0.7, 0.4, length(one.root.xz))), MOOD[FEAR]);
    answer_hands(one, n, random, bed_middle(u_shape), scale);
    one.way = normalize(one.way + u_tremble * 0.035 * sin(u_phase * vec3(15.0, 17.0, 13.0) + random * 40.0)
                        + u_turbulence * 0.05 * sin(u_phase * 0.9 + random * vec3(30.0, 50.0, 70.0)));
    vec3 p = one.root + shard(in_position, one.way, one.reach, one.thick, one.point, one.flat_by, random, v_frame);
    v_within = (p - one.root) * v_frame;
    v_size = vec3(one.reach, one.thick, one.flat_by) * scale;
    v_within *= scale;
    v_along = clamp(v_within.y / max(v_size.x, 1e-4), 0.0, 1.0);
    v_colour = vec4(0.0, 0.0, 0.0, random);
    v_likeness = likeness;
    p = p * scale + bed_middle(u_shape);
    if (likeness > 0.5) {
        p.y = 2.0 * FLOOR - p.y;
        v_frame = mat3(v_frame[0] * vec3(1.0, -1.0, 1.0), v_frame[1] * vec3(1.0, -1.0, 1.0), v_frame[2] * vec3(1.0, -1.0, 1.0));
    }
    v_position = p;
    gl_Position = bed_clip(p);
}
