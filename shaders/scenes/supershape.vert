#version 330 core
// The heart: a small body after the superformula, finer than the ribbons round it, and lit from within.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/lantern.glsl"

in vec3 in_position;

out vec3 v_position;
out vec3 v_normal;
out vec3 v_local;   // where it is on the body, for the picture
out float v_relief;  // height of the relief [0, 1]

void main() {
    Lantern l = lantern_stand();
    Supershape form = l.form;
    form.corners *= 2.0;
    form.rings *= 2.0;
    form.n1 *= 1.5;
    // In quiet moods it is a pearl.
    float pearl = 0.90 * min(l.mood.fear + l.mood.sad + l.mood.neutral + l.mood.sleep + 0.6 * l.mood.surprise + 0.8 * l.mood.angry, 1.0);
    vec3 d = in_position, t = normalize(abs(d.y) < 0.7 ? cross(d, vec3(0.0, 1.0, 0.0)) : cross(d, vec3(1.0, 0.0, 0.0)));
    vec3 p = supershape(d, form);
    vec3 n = normalize(cross(supershape(normalize(d + 0.03 * t), form) - p, supershape(normalize(d + 0.03 * cross(t, d)), form) - p));
    n = dot(n, p) < 0.0 ? -n : n;
    p = mix(p, 0.84 * d, pearl);
    n = normalize(mix(n, d, pearl));
    float turn = -u_phase * 0.13, c = cos(turn), s = sin(turn);
    v_local = p;
    v_relief = smoothstep(0.45, 1.0, length(p));
    p.xz = mat2(c, s, -s, c) * p.xz;
    n.xz = mat2(c, s, -s, c) * n.xz;
    v_position = lantern_place(p * l.heart_size + vec3(0.0, l.heart, 0.0), 1.0, l);
    float e = cos(l.tilt), f = sin(l.tilt);
    n.yz = mat2(e, f, -f, e) * n.yz;
    v_normal = n;
    gl_Position = to_clip(v_position);
}
