#version 330 core
// The room behind everything, drawn small once a frame; lib/place/backdrop.glsl reads it. SHORE, SEA, STAGE or HALL says which kind of place it is.
// Alpha is how far this scene's room has come over that of the scene before, which is drawn first.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/place/mood.glsl"
#include "lib/place/floor.glsl"
#include "lib/motion/there_and_back.glsl"
#include "lib/place/sun.glsl"
#include "lib/place/ridge.glsl"
#include "lib/place/ring.glsl"
#include "lib/place/sky.glsl"
#include "lib/place/hung.glsl"
#include "lib/place/trunks.glsl"
#include "lib/place/swamp.glsl"
#include "lib/place/far.glsl"
#include "lib/place/contact_shadow.glsl"
#include "lib/place/dust.glsl"
#include "lib/place/visitors.glsl"
#include "lib/place/sea.glsl"
#include "lib/place/stage.glsl"
#include "lib/place/hall_plan.glsl"
#include "lib/place/hall.glsl"
#include "lib/place/light.glsl"
uniform int u_room;
in vec2 v_uv;
out vec4 f_colour;
void main() {
    vec2 at = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    // With nobody there it is dusk.
    vec3 light = place_light(at, u_room == 0 ? u_rooms[0].xyz : u_rooms[1].xyz) * mix(0.8, 1.0, u_presence);
    f_colour = vec4(light, u_room == 0 ? u_rooms[0].w : 1.0);
}
