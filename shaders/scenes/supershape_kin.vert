#version 330 core
// The skins of others of its kind, farther away (lib/form/shell_kin).
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
#include "lib/form/shell_kin.glsl"

in vec2 in_uv;  // x round the axis in [-1, 1], y from its lower pole 0 to its upper one 1

out vec3 v_position;
out vec3 v_normal;
out vec2 v_way;
flat out vec4 v_mood_a, v_mood_b;
flat out vec4 v_heart;   // its place, the body's size
flat out float v_lost;   // how much of it the water swallows, [0, 1]

void main() {
    Shell s = shell_stand();
    float all = s.sum;
    s = shell_kin(gl_InstanceID, s);
    bool there = s.sum > 0.0;
    s.sum = all;
    float t = clamp(in_uv.y, 0.002, 0.998), a = -3.14159265 * in_uv.x, e = 0.02;
    vec3 p = shell_at(t, a, s), east = shell_at(t, a + 3.0 * e, s) - p, north = shell_at(t < 0.5 ? t + e : t - e, a, s) - p;
    vec3 n = cross(t < 0.5 ? north : -north, east);
    v_normal = shell_rotate(dot(n, n) > 1e-12 ? normalize(n) : vec3(0.0, sign(t - 0.5), 0.0), s);
    v_position = shell_place(shell_rotate(p, s), s);
    v_way = vec2(t, -0.5 * in_uv.x);
    v_mood_a = vec4(s.mood.angry, s.mood.disgust, s.mood.fear, s.mood.happy);
    v_mood_b = vec4(s.mood.sad, s.mood.surprise, s.mood.neutral, s.mood.sleep);
    v_heart = vec4(shell_place(shell_rotate(s.heart, s), s), s.size);
    v_lost = mix(0.38, 0.64, float(gl_InstanceID)) + 0.14 * s.mood.sad;
    gl_Position = there ? to_clip(v_position) : vec4(2.0, 2.0, 2.0, 1.0);
}
