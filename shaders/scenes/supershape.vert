#version 330 core
// The body's skin, three times: its likeness in the water, what of it is turned away, and what is turned to the eye.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/shell.glsl"

const int LIKENESS = 0, NEAR = 2;

in vec2 in_uv;  // x round the axis in [-1, 1], y from its lower pole 0 to its upper one 1

out vec3 v_position;
out vec3 v_normal;
out vec3 v_east;     // along the skin, round the axis
out vec2 v_way;      // t, the angle over its whole turn
out float v_likeness;  // 0 the body itself; else how far its likeness lies under the water, scene units
flat out vec4 v_mood_a, v_mood_b;
flat out vec4 v_heart;
flat out float v_size, v_layer, v_water, v_turn;  // which of the three; where the water is; how far it is turned

void main() {
    Shell s = shell_stand();
    v_layer = float(gl_InstanceID);
    // What is turned away is that of the mesh turned inside out; a mirror turns it as well.
    float x = gl_InstanceID == NEAR ? -in_uv.x : in_uv.x;
    // The poles lie closer than they look.
    float t = clamp(in_uv.y, 0.002, 0.998), a = 3.14159265 * x, e = 0.012;
    vec3 p = shell_at(t, a, s), east = shell_at(t, a + 3.0 * e, s) - shell_at(t, a - 3.0 * e, s), north = shell_at(min(t + e, 0.9995), a, s) - shell_at(max(t - e, 0.0005), a, s);
    vec3 n = cross(north, east);
    n = dot(n, n) > 1e-12 ? normalize(n) : vec3(0.0, sign(t - 0.5), 0.0);
    v_normal = shell_rotate(n, s);
    v_east = shell_rotate(east + 1e-5, s);
    v_position = shell_place(shell_rotate(p, s), s);
    v_way = vec2(t, 0.5 * x);
    v_turn = s.turn;
    v_mood_a = vec4(s.mood.angry, s.mood.disgust, s.mood.fear, s.mood.happy);
    v_mood_b = vec4(s.mood.sad, s.mood.surprise, s.mood.neutral, s.mood.sleep);
    v_heart = vec4(shell_place(shell_rotate(s.heart, s), s), s.heart_size);
    v_size = s.size;
    v_water = s.root.y;
    v_likeness = 0.0;
    vec3 seen = v_position;
    if (gl_InstanceID == LIKENESS) {
        float above = max(v_position.y - s.root.y, 0.0);
        seen.y = 2.0 * s.root.y - v_position.y;
        seen.x += above * 0.05 * sin(26.0 * above - 1.3 * u_phase + 3.0 * v_position.x);
        v_likeness = 1e-3 + above + max(s.root.y - v_position.y, 0.0) * 40.0;
    }
    gl_Position = to_clip(seen);
}
