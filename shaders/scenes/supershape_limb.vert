#version 330 core
// Spines, tentacles and strands: round tubes on the ways of lib/form/shell_limb.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/shell.glsl"
#include "lib/form/shell_limb.glsl"

uniform float u_limbs;

in vec2 in_uv;  // x across in [-1, 1], y from its root 0 to its end 1

out vec3 v_position;
out vec4 v_limb;  // across [-1, 1], along [0, 1], random, how much of a pixel it fills
out vec3 v_way;
out vec3 v_side;
flat out vec4 v_mood_a, v_mood_b;
flat out vec4 v_heart;

void main() {
    Shell s = shell_stand();
    Limb l = shell_limb(gl_InstanceID, int(u_limbs), s);
    // None is cut off by the picture's upper edge.
    float most = (0.93 * u_resolution.y / min(u_resolution.x, u_resolution.y) * (EYE - s.root.z) / EYE - s.root.y) / s.size - s.high, end = l.root.y + l.to.y + l.bend.y;
    float fits = end > most ? clamp((most - l.root.y) / (end - l.root.y), 0.25, 1.0) : 1.0;
    l.to *= fits;
    l.bend *= fits;
    float q = in_uv.y, sway = 5.0 * q + 0.8 * u_phase + 6.2831853 * l.random;
    vec3 swing = l.wavy * q * vec3(sin(sway), 0.0, cos(1.3 * sway));
    vec3 way = l.to + 2.0 * q * l.bend + l.wavy * q * 5.0 * vec3(cos(sway), 0.0, -1.3 * sin(1.3 * sway));
    vec3 at = l.root + l.to * (q * 1.04 - 0.04) + l.bend * q * q + swing;
    // Nothing reaches under the water.
    float low = -s.high + 0.01, sunk = smoothstep(0.06, 0.0, at.y - low);
    at.y = max(at.y, low);
    float bead = l.bead * sqrt(clamp(1.0 - pow((q - 0.93) / 0.07, 2.0), 0.0, 1.0)), wide = l.wide * mix(1.0, 1.0 - q, l.point) * sqrt(clamp((1.0 - q) / 0.015, 0.0, 1.0)) * mix(1.0, smoothstep(-0.08, 0.30, q), clamp(s.mood.disgust + s.mood.fear, 0.0, 1.0));
    wide = max(wide, bead) * smoothstep(0.01, 0.08, length(l.to)) * (1.0 - sunk);
    vec3 p = shell_place(at, s);
    v_way = normalize(way + 1e-5);
    v_side = normalize(cross(v_way, vec3(0.0, 0.0, 3.4) - p) + 1e-5);
    // Never thinner than a pixel; what would be is fainter.
    float least = 1.25 * (3.4 - p.z) / (3.4 * min(u_resolution.x, u_resolution.y)), thick = max(wide * s.size, least);
    v_limb = vec4(in_uv.x, q, l.random, min(wide * s.size / least, 1.0));
    v_position = p + v_side * in_uv.x * (thick + least);
    v_limb.x *= (thick + least) / thick;
    v_mood_a = vec4(s.mood.angry, s.mood.disgust, s.mood.fear, s.mood.happy);
    v_mood_b = vec4(s.mood.sad, s.mood.surprise, s.mood.neutral, s.mood.sleep);
    v_heart = vec4(shell_place(shell_rotate(s.heart, s), s), s.size);
    gl_Position = wide < 1e-4 && q > 0.5 && l.wide * length(l.to) < 1e-4 ? vec4(2.0, 2.0, 2.0, 1.0) : to_clip(v_position);
}
