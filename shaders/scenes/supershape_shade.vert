#version 330 core
// The floor round the body's foot, and round the feet of others of its kind: flat quads with a shadow and its light (supershape_shade.frag).
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

in vec2 in_uv;

out vec2 v_off;               // from under its middle, in body sizes, x and towards the eye
flat out vec4 v_mood_a, v_mood_b;
flat out float v_over;        // how far over the floor the body hangs, in body sizes

void main() {
    Shell s = shell_stand();
    if (gl_InstanceID > 0) s = shell_kin(gl_InstanceID - 1, s);
    v_mood_a = vec4(s.mood.angry, s.mood.disgust, s.mood.fear, s.mood.happy);
    v_mood_b = vec4(s.mood.sad, s.mood.surprise, s.mood.neutral, s.mood.sleep);
    v_over = max(s.high - 0.85, 0.0);
    v_off = vec2(2.6 * in_uv.x, mix(-1.5, 1.9, in_uv.y));
    // Another one that hangs high throws none that is seen.
    float floats = gl_InstanceID > 0 ? s.mood.sad + s.mood.surprise : 0.0;
    gl_Position = s.sum > 0.0 && floats < 0.3 ? to_clip(s.root + s.size * vec3(v_off.x, 0.0, v_off.y)) : vec4(2.0, 2.0, 2.0, 1.0);
}
