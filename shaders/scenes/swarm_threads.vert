#version 330 core
// What parts from a figure of dust, a sheet of threads in the mood's gesture: a veil that falls, spears that thrust, wings that open, a ring
// that bursts, a shell drawn together, drops that cling; in calm rings that widen over the water.
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

uniform float u_size, u_trail;

in vec2 in_uv;  // x across the threads in [-1, 1], y from root to tip in [0, 1]

out vec3 v_thread;
out vec3 v_light;
out vec4 v_kind;

float lot_of(float n) { return fract(n * 0.618034 + 0.31); }

void main() {
    float mood[7] = moods();
    Reframed r = dust_frame(u_shape);
    vec4 left = reframed_joint(r, u_shape, LEFT_SHOULDER), right = reframed_joint(r, u_shape, RIGHT_SHOULDER), foot = reframed_joint(r, u_shape, LEFT_ANKLE),
        other = reframed_joint(r, u_shape, RIGHT_ANKLE);
    float H = r.half_head, whole = 1.0 - r.bust, here = smoothstep(0.2, 0.8, u_place[u_shape].w) * smoothstep(0.15, 0.6, max(u_joints[u_shape * JOINTS + CHEST].w,
        u_seen[u_shape].w));
    vec2 head = dust_head(r, mood).xy, middle = dust_middle(r, dust_head(r, mood), left, right);
    float low = mix(-1.12, min(foot.y, other.y) - 0.3 * H, smoothstep(0.2, 0.6, min(foot.w, other.w)) * whole), tall = head.y + 1.3 * H - low,
        size = clamp(0.5 * tall, 0.35, 0.9);
    float wide = clamp(0.5 * distance(left.xy, right.xy) / H + 0.42, mix(1.6, 2.05, r.bust), 2.5) * H, u = in_uv.x, v = in_uv.y, a = abs(u), side = u < 0.0 ? -1.0 : 1.0;
    // A veil over crown and shoulders.
    float turn = 1.5707963 * u, t = -1.34 + (tall / H) * v * (0.55 + 0.45 * v),
        bell = mix(1.12 * sqrt(clamp(1.0 - t * t / 1.9, 0.0, 1.0)) + 0.25 * v, wide / H * 1.16 + 0.22 * max(t - 2.0, 0.0), smoothstep(0.3, 2.1, t));
    vec2 sad = head + vec2(sin(turn) * max(bell, 0.9 * sqrt(v)), -t) * H;
    float face = 1.0 - smoothstep(0.75, 1.10, length((sad - head + vec2(0.0, 0.08) * H) / (H * vec2(0.74, 1.0))));
    // A fan of bolts.
    float bundle = floor(u * 13.0 + 0.5), h = lot_of(bundle), bolt = (abs(fract(v * (2.0 + 2.0 * h) + h) - 0.5) * 2.0 - 0.5) * v;
    float at = 1.95 * u + 0.045 * bolt + 0.09 * sin(bundle * 5.0) + 0.10 * (h - 0.5) * v * v,
        far = 1.1 * H + size * (0.45 + 1.25 * h * h) * v * mix(0.85, 1.15, u_spread) * (1.0 + 0.15 * u_pulse * beat(3.0 * h)) + 0.55 * H * smoothstep(0.9, 0.2, a) * 0.6;
    vec2 angry = mix(middle, head, 0.35) + vec2(sin(at) * 1.15, cos(at)) * far;
    // Wings.
    float feather = mix(-0.30, 1.46, a), span = max(size * 1.15, 1.9 * H) * (0.65 + 0.65 * sin(3.1416 * pow(a, 1.25))) * mix(0.8, 1.1, u_spread) * (1.0 + 0.06
        * u_pulse * beat(0.0));
    vec2 happy = middle + vec2(side * 0.72 * wide, -0.10 * H) + vec2(side * cos(feather), sin(feather)) * span * v + vec2(side * 0.10 * (1.0 - a), 0.40 * (1.0
        - 0.6 * a)) * span * v * v;
    // A ring with rays.
    vec2 core = vec2(head.x, mix(head.y, min(head.y, 0.10), 0.75));
    float ring = mix(0.66, 0.80, r.bust) * mix(0.7, 1.0, u_spread) * (1.0 + 0.10 * u_pulse * beat(0.0) + 0.25 * u_welcome), ray = ring * (0.97 + 0.9 * v);
    vec2 surprise = core + vec2(sin(3.1416 * u), cos(3.1416 * u)) * ray;
    // A shell of arcs.
    float arc = 3.5 * (v - 0.5), shell = wide * (1.05 + 0.55 * (0.5 + 0.5 * u)) * (1.0 + 0.012 * sin(u_phase * 21.0 + 9.0 * u));
    vec2 fear = vec2(head.x, mix(low, head.y, 0.45)) + vec2(sin(arc) * shell, cos(arc) * (0.55 * (head.y - low) + 1.35 * H + 0.7 * (shell - wide)));
    // Ropes from the outline of head and shoulders.
    float x = 1.05 * u * wide, line = mix(middle.y + 0.5 * H - 0.9 * H * pow(a, 1.6), head.y - 0.6 * H, smoothstep(0.95, 0.80, abs(x) / H) * smoothstep(0.45, 0.65,
        abs(x) / H));
    vec2 disgust = vec2(middle.x + x + 0.03 * H * sin(4.0 * v + 9.0 * u), line - v * min(3.4 * H, 0.9 * tall) * (0.85 + 0.15 * sin(0.23 * u_phase + 5.0 * u)));
    // Rings on the water round who stands in it.
    float round_it = 6.2831853 * v + 0.36 * sin(12.566371 * v), out_by = 0.5 + 0.5 * u, rim = mix(1.1 * wide, 2.1, out_by * out_by), crest = 0.5 + 0.5 * cos(5.5 * rim / (0.6 + 0.3 * rim) * 2.2 - 0.35 * u_phase);
    vec2 calm = vec2(middle.x, mix(-0.62, low + 0.25 * H, whole)) + vec2(sin(round_it), -0.15 * cos(round_it)) * rim;
    float in_view = mix(smoothstep(1.0, 1.5, abs(calm.x - middle.x) / wide), 1.0, whole);
    vec2 p = mood[NEUTRAL] * calm + mood[SAD] * sad + mood[ANGRY] * angry + mood[HAPPY] * happy + mood[SURPRISE] * surprise + mood[FEAR] * fear + mood[DISGUST] * disgust;
    p.x += u_tremble * 0.01 * H * sin(u_phase * 23.0 + 30.0 * v);
    float clear = 1.0;
    for (int n = 0; n < 7; n++) clear = min(clear, 1.0 - 2.2 * mood[n] * (1.0 - mood[n]));
    vec4 kind = mood[NEUTRAL] * vec4(0.9 * in_view, 0.9, 0.0, 0.0) + mood[SAD] * vec4(mix(0.95, 0.18, face), 0.55, 0.0, 0.0) + mood[ANGRY] * vec4(0.8, 2.0, 0.0, 0.9) + mood[HAPPY] * vec4(1.0 * smoothstep(0.045, 0.10,
        a), 0.9, 0.0, 0.0) + mood[SURPRISE] * vec4(0.8, 1.0, 0.0, 0.8)
        + mood[FEAR] * vec4(0.55, 1.8, 0.0, 0.0) + mood[DISGUST] * vec4(0.75 * smoothstep(1.0, 0.9, a) * smoothstep(0.85, 1.1, abs(x) / H), 1.2, 1.0, 0.35);
    float many = mood[NEUTRAL] * 46.0 * (0.5 + rim) + mood[SAD] * 40.0 + mood[ANGRY] * 26.0 + mood[HAPPY] * 36.0 + mood[SURPRISE] * 44.0 + mood[FEAR] * 60.0 + mood[DISGUST] * 15.0;
    float bright = mood[NEUTRAL] * (0.10 + 1.5 * crest * crest * crest) * exp(-0.75 * rim) + mood[SAD] * (1.5 + 0.9 * smoothstep(0.4, 0.9, v)) + mood[ANGRY] * (2.3 - 1.5 * v) + mood[HAPPY] * (2.2 - 1.0 * v) + mood[SURPRISE] * (0.30 + 2.6 * exp(-5.0 * v)) + mood[FEAR] * 0.55 + mood[DISGUST] * 1.8;
    vec3 own[4] = vec3[4](u_own_palette[4 * u_shape], u_own_palette[4 * u_shape + 1], u_own_palette[4 * u_shape + 2], u_own_palette[4 * u_shape + 3]);
    vec3 picture = worn_softly(p * 0.42 + 0.5, 2.0);
    vec3 colour = dress_in(own, picture, clamp(0.62 + 0.3 * v, 0.0, 1.0));
    float lit = (0.50 * u_light + 0.30 * u_fill + 0.6 * u_glow) * (1.0 + 0.8 * u_welcome);
    v_light = bright * mix(colour * lit * 1.9, u_counter * (0.5 + 0.5 * u_light) * 1.6, smoothstep(0.55, 0.95, u) * (mood[SAD] + 0.4 * mood[HAPPY]));
    // On the cloak drops are many, small and dim; beside it they are lights.
    float on_body = mood[SAD] * smoothstep(0.9, 1.6, t) * smoothstep(0.95, 0.75, length(vec2(sad.x - head.x, 0.0)) / wide);
    v_light *= 1.0 - 0.45 * on_body;
    v_kind = vec4(kind.x * here * clear, kind.y * mix(0.4, 1.0, min(u_trail, 1.5)), kind.zw);
    v_thread = vec3((u + 1.0) * mix(1.0, 0.24, mood[DISGUST]) * (1.0 + 0.9 * mood[HAPPY] + 0.1 * mood[SAD] + 1.3 * mood[SURPRISE] + 0.8 * mood[ANGRY]) * mix(0.55, 1.0, smoothstep(0.1, 0.4, H)) * 62.0, v,
        many * mix(0.7, 1.0, r.bust));
    gl_Position = here * clear < 0.01 ? vec4(2.0, 2.0, 2.0, 1.0) : to_clip(vec3(p, 0.0));
}
