#version 330 core
// A grain as a quad that faces the viewer, drawn out along its way, out of focus where it is near or far.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/motion/beat.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#define HAZE_PLACE (u_part.xy + u_part.zw * (0.5 + 0.5 * gl_Position.xy / gl_Position.w))
#include "lib/light/shade.glsl"
#include "lib/texture/worn_softly.glsl"

uniform float u_size, u_trail, u_shown;

in vec4 in_place;   // x, y, z, and what swarm_update.vert packs with it
in vec4 in_motion;  // velocity, and the same

out vec2 v_at;                // in the grain, [-1, 1] along and across
flat out vec4 v_light;        // linear RGB, opacity
flat out vec3 v_soft;         // 0 a spark to 1 a mote out of focus; how far it is a drop; its stretch

void main() {
    int people = max(u_people, 1), who = gl_InstanceID % people;
    vec4 lot = lots(gl_InstanceID);
    vec3 p = in_place.xyz, v = in_motion.xyz;
    float shown = fract(in_place.w), key = floor(in_place.w) / 160.0, heat = in_motion.w;
    float rank = (float(gl_InstanceID) + 0.5) / u_shown;
    // Nothing that is wholly dark is drawn.
    float there = shown * (1.0 - smoothstep(0.88, 1.0, rank));
    if (there < 0.01 || key < 0.006) {
        gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
        return;
    }
    p += u_tremble * 0.014 * sin(u_phase * vec3(23.0, 29.0, 19.0) + lot.xyz * 50.0);

    // Fewer grains are larger ones: the picture keeps its light.
    float many = pow(6000.0 / max(u_shown, 300.0), 0.42), vary = 0.5 + 0.75 * lot.w + 1.3 * pow(fract(lot.y * 91.0), 26.0);
    float size = 0.0048 * (1.0 + 0.9 * u_emotion[1]) * u_size * many * vary * (1.0 + 1.5 * heat);
    float sad = smoothstep(0.3, 0.7, u_droop);
    float off = abs(p.z) * 0.55 + 0.20 * u_fog;
    float focus = 1.0 / (1.0 + off * off * 3.0);
    float pixel = 2.0 / min(u_resolution.x, u_resolution.y);
    float wanted = size * (1.0 + 1.2 * min(off, 0.6)), drawn = max(wanted, 0.85 * pixel);

    vec2 way = v.xy * 0.085 * u_trail * vec2(1.0 - 0.8 * sad, 1.0);
    float length_of = min(length(way), 4.5 * drawn), stretch = length_of / drawn;
    vec2 along = length(way) > 1e-5 ? normalize(way) : vec2(1.0, 0.0);
    // Emotions with thorns draw needles out of what hardly moves.
    stretch = stretch * (0.6 + 0.9 * u_spikiness);
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    vec2 offset = along * corner.x * (1.0 + stretch) + vec2(-along.y, along.x) * corner.y * max(mix(1.0, 0.38, min(0.6 * stretch, 1.0)), 0.75 * pixel / drawn);
    gl_Position = to_clip(p + vec3(offset * drawn, 0.0));
    v_at = corner;

    // The picture hangs in the room, and each grain shows the place where it is.
    vec2 uv = p.xy * 0.42 + 0.13 * p.z;
    vec3 picture = worn_softly(uv, 2.0);
    vec3 own[4] = vec3[4](u_own_palette[4 * who], u_own_palette[4 * who + 1], u_own_palette[4 * who + 2], u_own_palette[4 * who + 3]);
    float tone = 0.22 + 0.35 * lot.y + 0.25 * key + 0.35 * heat + u_self[who].y;
    vec3 colour = dress_in(own, picture, clamp(tone, 0.0, 1.0));
    float lit = (0.50 * u_light + 0.30 * u_fill + 0.6 * u_glow) * (0.85 + 0.3 * beat(lot.x * 0.8) * u_pulse);
    lit *= 1.0 + 2.0 * heat + 0.8 * u_welcome;
    vec3 light = haze(colour * lit * 2.5 * key + own[3] * heat * 0.5, smoothstep(0.6, -1.6, p.z) * 0.9);
    float opacity = 0.62 * focus * min(1.0, wanted * wanted / (drawn * drawn)) / (1.0 + 0.9 * stretch) * there;
    v_light = vec4(light * opacity, opacity * 0.45);
    v_soft = vec3(clamp(0.25 + 0.4 * u_roughness + off * 0.6, 0.0, 1.0), smoothstep(2.0, 5.0, drawn / pixel) * focus, min(stretch, 1.0));
}
