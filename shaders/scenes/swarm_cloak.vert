#version 330 core
// Hair or hood, and the cloak that falls from it over shoulders and body: the outline of a figure of dust, in the mood's gesture.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/form/moods.glsl"
#include "lib/motion/beat.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/colour/ramp.glsl"
#define HAZE_PLACE vec2(0.5, 0.6)
#include "lib/light/shade.glsl"
#include "lib/body/reframed.glsl"
#include "lib/dust/dust_frame.glsl"
#include "lib/dust/dust_head.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/dust/dust_light.glsl"

uniform float u_size, u_figure;

in vec2 in_uv;  // x across in [-1, 1], y from the crown down in [0, 1]

out vec2 v_cell;
out vec3 v_light;
out vec3 v_much;

// How high hair or hood stands over the head's middle, in head half heights.
float crown(float mood[7]) { return 1.24 + 0.16 * mood[HAPPY] + 0.10 * mood[SURPRISE] + 0.06 * mood[SAD]; }
// Half the width of the figure in head half heights, at t of them below the head's middle.
float width_at(float t, float shoulders, float hem, float tall, float waist, float mood[7]) {
    float high = crown(mood), a = clamp((t + 0.06) / (high - 0.06), -1.0, 0.0);
    float hair = mix(0.92, 1.00, mood[SAD] + mood[FEAR]) + 0.12 * (mood[HAPPY] + mood[SURPRISE]);
    float hood = hair * sqrt(max(1.0 - a * a, 0.0)) - 0.12 * smoothstep(0.2, 1.1, t) * (1.0 - mood[SAD]);
    float from = 0.95 + 0.25 * mood[SAD] - 0.45 * mood[FEAR] - 0.30 * mood[ANGRY] - 0.15 * mood[SURPRISE] + 0.10 * mood[HAPPY];
    float slope = clamp((t - from) / (1.15 + 0.5 * mood[SAD]), 0.0, 1.0), round_by = slope * (2.0 - slope);
    return mix(hood, mix(shoulders, hem, smoothstep(0.3, 1.0, (t - 1.8) / tall)) * (1.0 - 0.30 * waist * exp(-pow((t - 1.8 - 0.34 * tall) / (0.22 * tall), 2.0))),
        mix(round_by, sqrt(slope), 0.35));
}

// A dune in the outline of a sleeper: head, shoulder, hip and knees.
float dune(float x) {
    vec4 from = (vec4(x) - vec4(-0.98, -0.52, 0.26, 0.92)) / vec4(0.19, 0.32, 0.36, 0.42), bell = exp(-from * from);
    return (dot(bell, vec4(0.27, 0.44, 0.42, 0.25)) + 0.07 * exp(-0.8 * x * x)) * (1.0 + 0.03 * sin(0.42 * u_phase) * bell.y);
}

void main() {
    // The second is its likeness in the water.
    bool likeness = gl_InstanceID > 0;
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    v_cell = vec2(0.0);
    v_light = v_much = vec3(0.0);
    float mood[7] = moods();
    Reframed r = dust_frame(u_shape);
    vec4 chest = reframed_joint(r, u_shape, CHEST), left = reframed_joint(r, u_shape, LEFT_SHOULDER), right = reframed_joint(r, u_shape, RIGHT_SHOULDER),
        pelvis = reframed_joint(r, u_shape, PELVIS);
    vec4 foot = reframed_joint(r, u_shape, LEFT_ANKLE), other = reframed_joint(r, u_shape, RIGHT_ANKLE);
    float H = r.half_head, here = smoothstep(0.2, 0.8, u_place[u_shape].w) * smoothstep(0.15, 0.6, max(chest.w, u_seen[u_shape].w));
    vec3 head = dust_head(r, mood);
    float whole = 1.0 - r.bust, feet = smoothstep(0.2, 0.6, min(foot.w, other.w)) * whole, known = smoothstep(0.2, 0.6, pelvis.w) * whole;
    if (likeness && (feet < 0.05 || here < 0.01)) return;
    float low = mix(-0.12 - u_resolution.y / min(u_resolution.x, u_resolution.y), min(foot.y, other.y) - 0.35 * H, feet), top = crown(mood), end = max((head.y - low) / H, 2.6);
    // Half the rows are hair and shoulders.
    float t = in_uv.y < 0.5 ? mix(-top, 2.1, in_uv.y * (0.6 + 2.8 * in_uv.y)) : mix(2.1, end, 2.0 * in_uv.y - 1.0);
    float shoulders = clamp(0.5 * distance(left.xy, right.xy) / H + 0.42, mix(1.60, 2.05, r.bust), 2.5) * (1.0 - 0.20 * mood[FEAR] - 0.08 * mood[SAD] + 0.10
        * mood[ANGRY] + 0.05 * mood[HAPPY]);
    float hem = mix(1.10 * shoulders, 0.5 * abs(foot.x - other.x) / H + 1.9, feet) * (1.0 - 0.35 * mood[FEAR] + 0.35 * mood[HAPPY]), tall = end - 1.8;
    float u = in_uv.x * 1.24, a = abs(u), w = width_at(t, shoulders, hem, tall, whole * mix(0.45, 1.0, feet), mood);
    float fall = smoothstep(1.0, 2.0, t), body = smoothstep(2.0, end, t);
    // The edge: thorns of rage, wisps of joy, lumps of disgust, rays of surprise.
    float up = smoothstep(1.4, -0.2, t), row = t * 2.6 + 0.37 * sign(u), thorn = abs(fract(row) - 0.5) * 2.0;
    w *= 1.0 + mood[ANGRY] * (0.42 * thorn * thorn * (0.35 + 0.65 * up) * step(0.3, a)) + mood[DISGUST] * (0.22 * abs(sin(3.1 * t + 2.0 * sign(u) + 0.2 * u_phase))
        + 0.05 * sin(9.0 * t)) * step(0.2, a) + mood[HAPPY] * 0.10 * sin(5.0 * t - 1.3 * u_phase + sign(u)) * up;
    w *= 1.0 + 0.015 * u_pulse * beat(u_self[u_shape].x * 6.0);
    float cx = mix(head.x, mix(dust_middle(r, head, left, right).x, mix(mix(head.x, pelvis.x, known), 0.5 * (foot.x + other.x), feet * body), smoothstep(0.0, 0.5,
        body)), smoothstep(0.7, 2.0, t));
    vec2 at = vec2(cx + u * w * H, head.y - t * H);
    // Rage lifts the shoulders.
    at.y += 0.10 * mood[ANGRY] * H * fall * a;
    at += vec2(0.012, 0.0) * H * sin(u_phase * 19.0 + 9.0 * t) * u_tremble;
    float bulge = sqrt(max(1.0 - min(a * a, 1.0), 0.0)), steep = width_at(t + 0.05, shoulders, hem, tall, whole * mix(0.45, 1.0, feet), mood) - width_at(t - 0.05,
        shoulders, hem, tall, whole * mix(0.45, 1.0, feet), mood);
    // Strands of hair follow the outline; folds fall from the throat.
    float strand = sin(17.0 * u + 3.0 * t * u), fold = mix(1.0, 0.55, r.bust) * sin(mix(8.5, 11.0, r.bust) * u * (1.0 + 0.25 * fall) + 1.3 * sin(1.1 * t + 3.0 * u) + 1.7 * sin(3.0 * u)) + 0.45 * sin(23.0 * u + 2.0 * t);
    float cowl = exp(-pow((t - 1.55 - 0.55 * u * u) / 0.12, 2.0)) + 0.8 * exp(-pow((t - 2.05 - 0.9 * u * u) / 0.12, 2.0));
    vec3 n = vec3(u * (0.9 + 0.3 * a) + mix(0.13 * strand, 0.40 * fold, fall), clamp(6.0 * steep, -1.0, 1.4) * a * 0.55 + 0.35 * cowl * fall - 0.25 * body, bulge + 0.22);
    // Clots are round and wet.
    vec2 lump = vec2(4.6 * u * w + 1.4 * sin(1.3 * t + 2.0 * u), mix(4.4, 2.3, fall) * t + 1.9 * sin(2.3 * u * w + 0.7 * t));
    n.xy -= mix(0.85, 0.42, fall) * mood[DISGUST] * vec2(cos(lump.x) * sin(lump.y), -sin(lump.x) * cos(lump.y));
    n = normalize(n);
    // Inside the hood it is dark round the face.
    vec2 face = (at - head.xy - vec2(0.0, -0.10) * H) / H;
    float inside = 1.0 - smoothstep(0.92, 1.22, length(face / vec2(0.78, 1.08)));
    float throat = (1.0 - smoothstep(0.25, 0.55, abs(u) * w)) * smoothstep(0.7, 0.9, t) * (1.0 - smoothstep(1.35, 1.8, t));
    float hair = (1.0 - fall) * (1.0 - mood[SAD]) * (0.35 + 0.25 * strand);
    float edge = smoothstep(0.72, 1.02, a), gone = smoothstep(0.30, 0.95, body + 0.12 * fold * body) * mix(0.6, 1.0, feet);
    v_light = dust_light(u_shape, n, clamp(max(max(mix(0.70, 0.95, max(mood[SAD], mood[FEAR])) * inside, mix(0.50, 0.80, mood[SAD]) * throat), hair), 0.0, 1.0), 0.7 * mood[DISGUST] * pow(max(dot(n, normalize(KEY + vec3(0.0,
        0.0, 1.0))), 0.0), 24.0) * (1.0 - inside) + (0.05 + 0.30 * gone) * (1.0 - 0.8 * inside) + 0.12 * mood[HAPPY] * inside, edge * edge * (1.0 - 0.6 * inside), at * 0.42 + 0.5);
    v_light *= mix(1.0, mix(0.40, 0.80, whole), body) * (1.0 + 0.35 * mood[FEAR]);
    float out_of_it = smoothstep(mix(0.88, 0.74, fall), 1.0, a);
    // Downwards it comes apart in filaments: cells are drawn out.
    float draws = mix(0.55, 0.9, r.bust) * max(end - 1.6, 0.8), runs = t < 1.6 ? t : 1.6 + draws * (1.0 - exp((1.6 - t) / draws));
    v_cell = dust_cells(vec2(u * max(w, 0.5), -runs) * H, u_size) + 600.0;
    float small = 1.0 - smoothstep(0.10, 0.34, H);
    v_much = vec3(0.94 * (1.0 - out_of_it) * (1.0 - gone), mix(1.0, 0.0, smoothstep(0.80, 1.24, a)) * mix(1.0, 0.30, gone), mix(0.52, 0.66, small))
        * vec3(vec2(here * min(1.0, 1.7 * u_figure)), 1.0);
    vec3 place = vec3(at, 0.25 * H * bulge - 0.3 * H);
    // Nobody there: it has sunk to a dune that sleeps on its side.
    float asleep = (1.0 - smoothstep(0.05, 0.75, u_presence)) * (u_shape == 0 ? 1.0 : 0.0);
    if (asleep > 0.0) {
        float x = 1.75 * in_uv.x, e = 0.02, high = dune(x), down = in_uv.y, over = x + 0.45 * down, slope = (dune(over + e) - dune(over)) / e;
        vec3 sand = vec3(x, -0.66 + high * (1.0 - down) - 0.10 * down, 0.35 * down - 0.3);
        float ripple = sin(46.0 * down + 13.0 * x + 3.0 * sin(4.0 * x + 5.0 * down)) * smoothstep(0.05, 0.3, down), crest = 1.0 - smoothstep(0.0, 0.16, down);
        vec3 up = normalize(vec3(-1.1 * slope, 0.75 - 0.6 * down + 0.16 * ripple, 0.25 + 0.8 * down));
        vec3 lit = dust_light(0, up, 0.55 * smoothstep(0.45, 1.0, down), 0.0, 0.0, sand.xy * 0.42 + 0.5) + u_counter * crest * crest * (0.35 + 0.5 * smoothstep(-0.2,
        0.8, slope + 0.3));
        float ends = smoothstep(0.98, 0.60, abs(in_uv.x));
        place = mix(place, sand, asleep);
        v_light = mix(v_light, 1.1 * lit, asleep);
        v_cell = mix(v_cell, dust_cells(vec2(x, -1.15 * (high + 0.10) * down), u_size) + 600.0, asleep);
        v_much = mix(v_much, vec3(0.95 * ends * smoothstep(0.0, 0.05, down) * (1.0 - smoothstep(0.75, 1.0, down)), ends * (1.0 - 0.9 * smoothstep(0.6, 1.0, down)),
        0.22), asleep);
    }
    if (likeness) {
        float line = low + 0.22 * H, off = max(place.y - line, 0.0);
        place.y = line - off;
        place.x += 0.035 * H * sin(21.0 * off / H + 1.3 * u_phase) * min(off / H, 1.0);
        v_light *= 0.55;
        v_much.xy *= feet * step(0.0, off) * exp(-0.25 * off / H) * (1.0 - asleep);
    }
    gl_Position = max(here, asleep) < 0.01 ? vec4(2.0, 2.0, 2.0, 1.0) : to_clip(place);
}
