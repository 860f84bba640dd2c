#version 330 core
// Moves one grain: towards where it belongs, along the current, round a hand, off a hand that throws.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/motion/beat.glsl"
#include "lib/motion/curl_flow.glsl"
#include "lib/form/fibonacci_way.glsl"
#include "lib/form/corona.glsl"
#include "lib/body/figure_point.glsl"

uniform float u_figure;

in vec4 in_place;   // x, y, z, how far it has faded in; 0: not begun
in vec4 in_motion;  // velocity, then heat: 1 just thrown
out vec4 out_place;
out vec4 out_motion;

void main() {
    int who = gl_VertexID % max(u_people, 1);
    vec4 lot = lots(gl_VertexID), self = u_self[who];
    float role = fract(lot.x * 37.0 + lot.y * 11.0), here = u_place[who].w, pace = 0.35 + 0.65 * u_speed;
    vec3 p = in_place.xyz, v = in_motion.xyz;
    float heat = in_motion.w * exp(-u_dt / 0.7);

    // The cloud has its middle in the breast, where that is seen, and is larger than the body.
    vec4 chest = u_joints[who * JOINTS + CHEST];
    float seen = smoothstep(0.15, 0.6, chest.w) * smoothstep(0.2, 0.8, here);
    vec3 middle = mix(vec3(u_place[who].xy, 0.0), chest.xyz, seen);
    float life = corona_life(lot);
    vec3 home = middle + corona(who, lot, life) * u_place[who].z * mix(1.05, 1.45, seen);
    float pull = mix(2.0, 4.5, u_symmetry) * (0.6 + 0.4 * pace), free = 0.0, bright = smoothstep(1.0, 0.8, life);
    bool reborn = life < u_dt * u_speed * 0.3;
    if (role > 0.93) {
        // A few belong to nobody and drift through the room.
        home = (vec3(lot.yzw) * 2.0 - 1.0) * vec3(2.1, 1.25, 1.3);
        pull = 0.05;
        free = 1.0;
        bright = 1.0;
    }
    float still = 1.0 - smoothstep(0.10, 0.45, self.z);
    vec3 outwards;
    vec4 body = figure_point(who, lot, outwards);
    float mine = role < u_figure ? smoothstep(0.15, 0.6, body.w) * smoothstep(0.2, 0.8, here) : 0.0;
    if (mine > 0.0) {
        // The figure is a body as the emotion has it: thorned, dripping, swollen by the beat.
        float stand = 0.42 * u_spikiness * u_spikiness * pow(lot.z, 9.0) * (0.4 + lot.w) + 0.05 * u_spread * lot.w;
        stand += 0.05 * u_pulse * beat(self.x * 6.0) + 0.25 * u_welcome * lot.w;
        vec3 skin = body.xyz + outwards * stand * (0.3 + u_place[who].z);
        skin.y -= max(u_droop, 0.0) * 0.55 * pow(lot.w, 5.0) * life;
        skin += (1.0 - u_symmetry) * 0.06 * sin(body.yzx * 9.0 + 0.6 * u_phase);
        home = mix(home, skin, mine * (0.35 + 0.65 * still));
        pull = mix(pull, mix(1.8, 7.0, still), mine);
        bright = mix(bright, 1.0, mine);
    }
    // Each grain has a hand of its own, which it goes round while its visitor moves.
    int hand_of = lot.y < 0.5 ? 0 : 1;
    vec4 wrist_of = u_joints[who * JOINTS + LEFT_WRIST + hand_of];
    float moved = smoothstep(0.3, 1.3, length(u_hands[2 * who + hand_of].xyz));
    float held = wrist_of.w * here * (0.25 * (1.0 - still) + 0.75 * moved) * (1.0 - free) * (role < u_figure ? 0.55 + 0.4 * fract(lot.w * 5.0) : 0.3);
    float swing = 6.2831853 * lot.w + u_phase * (0.8 + 1.4 * lot.z), wide = 0.07 + 0.42 * lot.z * sqrt(lot.z);
    vec3 round_hand = wrist_of.xyz + wide * vec3(cos(swing), sin(swing) * cos(9.0 * lot.x), sin(swing) * sin(9.0 * lot.x));
    home = mix(home, round_hand, held);
    pull = mix(pull, 4.5, held);
    bright = mix(bright, 1.0, held);
    reborn = reborn && held < 0.2 && abs(u_droop) > 0.05 && free == 0.0 && mine < 0.5;

    // The current, mirrored at the visitor's axis as far as there is order.
    vec3 from = p - middle;
    vec3 at = vec3(mix(from.x, abs(from.x), u_symmetry), from.yz);
    vec3 flow = curl_flow(at * mix(1.6, 3.6, u_turbulence), u_phase * 0.5, u_turbulence);
    flow.x *= mix(1.0, clamp(from.x * 6.0, -1.0, 1.0), u_symmetry);
    float stir = (0.06 + 0.34 * u_turbulence + 0.08 * free) * pace * mix(1.0, 0.25, mine * still);
    vec3 back = (home - p) * pull;
    // Nothing darts across the room by itself.
    vec3 wanted = back * min(1.0, (1.1 + 1.2 * pace) / (length(back) + 1e-4)) * (1.0 - in_motion.w) + flow * stir;
    wanted += 0.25 * u_energy * cross(vec3(0.0, 1.0, 0.0), from) * exp(-dot(from, from));

    // Any hand stirs what is near, and one that is quick throws it.
    for (int hand = 0; hand < 2 * u_people; hand++) {
        vec4 wrist = u_joints[(hand >> 1) * JOINTS + LEFT_WRIST + (hand & 1)], moves = u_hands[hand];
        vec3 rel = p - wrist.xyz;
        float d2 = dot(rel, rel), near = wrist.w * exp(-d2 / 0.14), quick = length(moves.xyz);
        vec3 round_it = cross(normalize(moves.xyz + vec3(0.0, 0.25, 1.2)), rel) / (sqrt(d2) + 0.05);
        wanted = mix(wanted, moves.xyz * 0.85 + round_it * (0.4 + 0.5 * quick), near * smoothstep(0.25, 1.2, quick) * 0.6);
        float thrown = smoothstep(1.4, 2.8, quick) * smoothstep(0.25, 0.7, near) * step(lot.w, 0.6);
        v = mix(v, moves.xyz * (0.75 + 0.9 * fract(lot.z * 13.0)), thrown * (1.0 - exp(-u_dt * 14.0)));
        heat = max(heat, thrown);
    }
    // Who comes is met by a gust.
    wanted += normalize(from + 1e-3) * u_welcome * u_welcome * 0.9 * (0.3 + lot.w);

    float grip = mix(6.0, 0.6, heat);
    v += (wanted - v) * (1.0 - exp(-u_dt * grip));
    p += v * u_dt;
    float shown = in_place.w + (bright - in_place.w) * (1.0 - exp(-u_dt * 3.0));
    if (in_place.w == 0.0 || reborn || any(greaterThan(abs(p), vec3(6.0)))) {
        p = home;
        v = vec3(0.0);
        shown = 1e-4;
        heat = 0.0;
    }
    out_place = vec4(p, max(shown, 1e-4));
    out_motion = vec4(v, heat);
}
