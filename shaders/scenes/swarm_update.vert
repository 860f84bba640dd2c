#version 330 core
// Moves one grain: to its place on the figure or in the emotion's form, along the current, round a hand, off a hand that throws.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/noise/even_lots.glsl"
#include "lib/motion/beat.glsl"
#include "lib/motion/curl_flow.glsl"
#include "lib/form/moods.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/colour/ramp.glsl"
#define HAZE_PLACE vec2(0.5, 0.6)
#include "lib/light/shade.glsl"
#include "lib/body/reframed.glsl"
#include "lib/dust/dust_frame.glsl"
#include "lib/dust/dust_of.glsl"
#include "lib/dust/dust_veil.glsl"
#include "lib/dust/dust_spears.glsl"
#include "lib/dust/dust_cage.glsl"
#include "lib/dust/dust_clots.glsl"
#include "lib/dust/dust_fountain.glsl"
#include "lib/dust/dust_burst.glsl"
#include "lib/dust/dust_streams.glsl"
#include "lib/dust/dust_asleep.glsl"

in vec4 in_place;   // x, y, z, then 256ths: how far it has faded in [0, 1), and whole: light of the key
in vec4 in_motion;  // velocity, then heat (nearly 1 just thrown)
out vec4 out_place;
out vec4 out_motion;

Dust form_of(int mood, Stage s, vec4 lot) {
    switch (mood) {
        case ANGRY: return dust_spears(s, lot);
        case DISGUST: return dust_clots(s, lot);
        case FEAR: return dust_cage(s, lot);
        case HAPPY: return dust_fountain(s, lot);
        case SAD: return dust_veil(s, lot);
        case SURPRISE: return dust_burst(s, lot);
        default: return dust_streams(s, lot);
    }
}

void main() {
    int who = gl_VertexID % max(u_people, 1);
    // By its own number: when somebody goes, the grains of those who stay keep their places.
    vec4 lot = lots(gl_VertexID), even = even_lots(gl_VertexID), self = u_self[who];
    float role = fract(lot.x * 37.0 + lot.y * 11.0), here = u_place[who].w, pace = 0.35 + 0.65 * u_speed;
    vec3 p = in_place.xyz, v = in_motion.xyz;
    float shown = fract(in_place.w), heat = fract(in_motion.w) * exp(-u_dt / 0.7);
    float still = 1.0 - smoothstep(0.10, 0.45, self.z);

    Reframed r = dust_frame(who);
    float mood[7] = moods();
    float seen = smoothstep(0.15, 0.6, max(u_joints[who * JOINTS + CHEST].w, u_seen[who].w)) * smoothstep(0.2, 0.8, here);
    Stage s = stage_of(who, r, seen);
    Dust d;
    float free = 0.0, pull;
    if (lot.w > 0.15 + 0.75 * max(here, u_presence)) {
        d = dust_asleep(even);
    } else {
        d = form_of(mood_by_lot(mood, lot.z), s, even);
    }
    pull = mix(2.0, 7.0, d.firm);
    // The face stays clear.
    d.light *= mix(1.0, smoothstep(0.75, 1.25, distance(d.home.xy, s.head.xy) / s.half_head), seen * (1.0 - mood[SAD]));
    d.light *= 1.0 - 0.85 * mood[HAPPY] * s.bust * smoothstep(2.6, 1.8, abs(d.home.x - s.head.x) / s.half_head) * step(d.home.y, s.head.y);
    if (role > 0.93) {
        // A few belong to nobody and drift through the room.
        d = Dust((vec3(even.xyz) * 2.0 - 1.0) * vec3(2.2, 1.25, 1.3), 0.5, 0.35 + 0.5 * lot.w, 0.0);
        pull = 0.05;
        free = 1.0;
    }
    if (role > 0.87 && role <= 0.93 && s.bust < 0.5 && here > 0.5) {
        // The floor: a pool of dust that is brightest under the feet.
        float out_by = sqrt(even.x);
        vec3 on_floor = out_by * vec3(1.15 * cos(6.2831853 * even.y), 0.012 * (even.z - 0.5), 0.9 * sin(6.2831853 * even.y));
        d = Dust(vec3(s.chest.x, s.ground, 0.0) + on_floor, 0.5, 0.9 * exp(-5.0 * out_by * out_by) + 0.12, 0.8);
    }
    // Each grain has a hand of its own, which it goes round while its visitor moves.
    int hand_of = lot.y < 0.5 ? 0 : 1;
    vec4 wrist_of = reframed_joint(r, who, LEFT_WRIST + hand_of);
    float moved = smoothstep(0.3, 1.3, length(u_hands[2 * who + hand_of].xyz));
    float held = wrist_of.w * here * max(0.46, 0.20 * (1.0 - still) + 0.8 * moved) * (1.0 - free) * 0.8;
    float swing = 6.2831853 * lot.w + u_phase * (0.8 + 1.4 * lot.z), wide = 0.07 + 0.42 * lot.z * sqrt(lot.z);
    vec3 round_hand = wrist_of.xyz + wide * vec3(cos(swing), sin(swing) * cos(9.0 * lot.x), sin(swing) * sin(9.0 * lot.x));
    held = held > 0.3 + 0.5 * lot.x ? 1.0 : 0.0;
    d.home = mix(d.home, round_hand, held);
    pull = mix(pull, 4.5, held);
    float bright = min(1.0, mix(smoothstep(1.0, 0.85, d.life) * smoothstep(0.0, 0.05, d.life), 1.0, held));

    // The current, mirrored at the visitor's axis as far as there is order.
    vec3 from = p - s.chest;
    vec3 at = vec3(mix(from.x, abs(from.x), u_symmetry), from.yz);
    vec3 flow = curl_flow(at * mix(1.6, 3.6, u_turbulence), u_phase * 0.5, u_turbulence);
    flow.x *= mix(1.0, clamp(from.x * 6.0, -1.0, 1.0), u_symmetry);
    float stir = (0.05 + 0.25 * u_turbulence + 0.08 * free) * pace * mix(1.0, 0.10, d.firm * (1.0 - held));
    vec3 back = (d.home - p) * pull;
    // Nothing darts across the room by itself.
    float fastest = 1.2 + 1.2 * pace;
    vec3 wanted = back * min(1.0, fastest / (length(back) + 1e-4)) * (1.0 - smoothstep(0.0, 0.5, heat)) + flow * stir;

    // Any hand stirs what is near, and one that is quick throws it.
    for (int hand = 0; hand < 2 * u_people; hand++) {
        Reframed other = dust_frame(hand >> 1);
        vec4 wrist = reframed_joint(other, hand >> 1, LEFT_WRIST + (hand & 1)), moves = u_hands[hand];
        vec3 rel = p - wrist.xyz;
        float d2 = dot(rel, rel), near = wrist.w * exp(-d2 / 0.14), quick = length(moves.xyz);
        vec3 round_it = cross(normalize(moves.xyz + vec3(0.0, 0.25, 1.2)), rel) / (sqrt(d2) + 0.05);
        wanted = mix(wanted, moves.xyz * 0.85 + round_it * (0.4 + 0.5 * quick), near * smoothstep(0.25, 1.2, quick) * 0.6);
        float thrown = smoothstep(1.4, 2.8, quick) * smoothstep(0.25, 0.7, near) * step(lot.w, 0.6);
        v = mix(v, moves.xyz * (0.75 + 0.9 * fract(lot.z * 13.0)), thrown * (1.0 - exp(-u_dt * 14.0)));
        heat = max(heat, 0.99 * thrown);
    }
    // Who comes is met by a gust.
    wanted += normalize(from + 1e-3) * u_welcome * u_welcome * 0.9 * (0.3 + lot.w);

    float grip = mix(7.0, 0.6, smoothstep(0.0, 0.5, heat));
    v += (wanted - v) * (1.0 - exp(-u_dt * grip));
    p += v * u_dt;
    // Some fly to a new place, others dissolve and condense there.
    float lost = smoothstep(0.25, 0.5, distance(p, d.home)) * step(lot.x, 0.65) * (1.0 - free) * (1.0 - held) * step(heat, 0.1);
    bright *= 1.0 - lost;
    shown += (bright * 0.996 - shown) * (1.0 - exp(-u_dt * 4.5));
    bool reborn = lost > 0.9 && shown < 0.08 || d.life < 0.06 && held == 0.0 && free == 0.0 && heat < 0.1 && distance(p, d.home) > 0.30;
    if (in_place.w == 0.0 || reborn || any(greaterThan(abs(p), vec3(6.0)))) {
        p = d.home;
        v = vec3(0.0);
        shown = 0.004;
        heat = 0.0;
    }
    out_place = vec4(p, clamp(shown, 0.002, 0.996) + floor(clamp(d.light * 160.0, 0.0, 255.0)));
    out_motion = vec4(v, clamp(heat, 0.0, 0.99));
}
