#version 330 core
// The body's skin, three times: what of it is turned away, a smaller lattice within it where it is one, and what is turned to the eye.
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

const int AWAY = 0, WITHIN = 1;

in vec2 in_uv;  // x round the axis in [-1, 1], y from its lower pole 0 to its upper one 1

out vec3 v_position;
out vec3 v_normal;
out vec3 v_east;     // along the skin, round the axis
out vec2 v_way;      // t, the angle over its whole turn
flat out vec4 v_mood_a, v_mood_b;
flat out vec4 v_heart;
flat out float v_size, v_layer, v_turn;  // which of the three; how far it is turned

void main() {
    Shell s = shell_stand();
    v_layer = float(gl_InstanceID);
    // What is turned away is that of the mesh turned inside out.
    float x = gl_InstanceID == AWAY ? in_uv.x : -in_uv.x;
    bool within = gl_InstanceID == WITHIN;
    if (within) s.turn *= -0.7;
    // The poles lie closer than they look.
    float t = clamp(in_uv.y, 0.002, 0.998), a = 3.14159265 * x, e = 0.012;
    vec3 p = shell_at(t, a, s), east = shell_at(t, a + 3.0 * e, s) - shell_at(t, a - 3.0 * e, s), north = shell_at(min(t + e, 0.9995), a, s) - shell_at(max(t - e, 0.0005), a, s);
    vec3 n = cross(north, east);
    n = dot(n, n) > 1e-12 ? normalize(n) : vec3(0.0, sign(t - 0.5), 0.0);
    v_normal = shell_rotate(n, s);
    v_east = shell_rotate(east + 1e-5, s);
    v_position = shell_place(shell_rotate(p * (within ? 0.54 : 1.0), s), s);
    v_way = vec2(t, 0.5 * x);
    v_turn = s.turn;
    v_mood_a = vec4(s.mood.angry, s.mood.disgust, s.mood.fear, s.mood.happy);
    v_mood_b = vec4(s.mood.sad, s.mood.surprise, s.mood.neutral, s.mood.sleep);
    v_heart = vec4(shell_place(shell_rotate(s.heart, s), s), s.heart_size);
    v_size = s.size;
    gl_Position = within && s.mood.neutral < 0.02 ? vec4(2.0, 2.0, 2.0, 1.0) : to_clip(v_position);
}
