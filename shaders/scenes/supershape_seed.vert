#version 330 core
// What the body lets go of: motes that drift (calm), bubbles of light that rise, embers, drops that fall from the bell or the gourd, spray of the burst.
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

in vec2 in_uv;  // x across in [-1, 1], y along in [0, 1]: thread up to 5/12, then the bead

out vec3 v_position;
out vec4 v_thread;  // as in blossom_thread.vert
out vec3 v_kind;

void main() {
    Shell s = shell_stand();
    Mood m = s.mood;
    vec4 lot = lots(gl_InstanceID + int(u_self[u_shape].x * 65536.0) + 977);
    float life = fract(lot.z + u_phase * 0.07 * (0.6 + 0.8 * lot.w)), a = 6.2831853 * fract(lot.x + 0.013 * u_phase), natural = exp(1.1 * (lot.x + lot.y + lot.z - 1.5));
    vec3 round_it = vec3(cos(a), 0.0, sin(a)), burst = shell_rotate(normalize(round_it + vec3(0.0, 0.25 + 0.9 * lot.y, 0.0)), s);
    float low = -s.high + 0.02;
    // All leave the body: up, in a cloud to one side, down, or outwards all at once.
    vec3 drift = round_it * (1.25 + 0.9 * lot.y) + vec3(0.0, 1.5 * lot.w - 0.8, 0.0);
    vec3 rise = round_it * (0.25 + 0.55 * lot.y) * (0.6 + life) + vec3(0.25 * sin(4.0 * life + 9.0 * lot.w), 0.4 + 1.7 * life, 0.0);
    vec3 ember = normalize(round_it + vec3(0.5 * s.side, 0.5 + lot.y, 0.2)) * (0.75 + 1.1 * life * lot.w);
    vec3 fall = mix(round_it * (0.3 + 0.6 * lot.y) + vec3(0.0, -0.25, 0.0), vec3(0.0, -s.high, 0.0) + round_it * (0.3 + 0.6 * lot.y), life * life);
    vec3 spray = burst * (1.35 + 0.75 * lot.w * lot.w);
    vec3 at = (m.neutral * drift + m.happy * rise + m.angry * ember + (m.sad + m.disgust) * fall + m.surprise * spray + (m.fear + m.sleep) * drift) / s.sum;
    vec3 tail = (m.angry * normalize(ember) * 0.10 + m.surprise * burst * (0.10 + 0.22 * lot.y) + (m.sad + m.disgust) * vec3(0.0, -0.08 - 0.10 * life, 0.0)) / s.sum;
    float fades = smoothstep(0.0, 0.15, life) * smoothstep(1.0, 0.75, life);
    float there = (0.45 * m.neutral * fades * step(0.75, lot.w) + m.happy * fades + m.angry * fades * step(0.45, lot.w) + m.sad * fades * step(0.6, lot.w) + m.disgust * fades * step(0.5, lot.w) + m.surprise) / s.sum;
    float bead = 0.012 * natural * (1.0 + 0.5 * m.happy + 0.5 * m.surprise - 0.35 * m.angry - 0.3 * m.neutral), thick = 0.35 * bead;
    vec3 start = at - tail - 1e-3;
    at.y = max(at.y, low);
    start.y = max(start.y, low);
    vec3 to = shell_place(at, s), from = shell_place(start, s), line = to - from;
    bead *= s.size * 1.4;
    thick *= s.size;
    float y = clamp(in_uv.y * 2.4, 0.0, 1.0), ball = clamp(in_uv.y * 2.0 - 1.0, 0.0, 1.0) * 2.0 - 1.0, is_ball = step(0.49, in_uv.y);
    vec3 down = normalize(line + vec3(0.0, -1e-4, 0.0)), p = from + line * y, side = normalize(cross(down, vec3(0.0, 0.0, EYE) - p));
    // Never thinner than a pixel; what would be is fainter.
    float least = 1.3 / min(u_resolution.x, u_resolution.y), small = min(bead / (1.5 * least), 1.0), faint = min(thick * y / least, 1.0);
    float wide = mix(max(thick * y, least), max(bead, 1.5 * least), is_ball);
    p += down * max(bead, 1.5 * least) * (ball + 0.9) * is_ball + side * in_uv.x * wide;
    v_position = p;
    v_thread = vec4(in_uv.x, y, is_ball > 0.5 ? ball : -1.0, there * mix(faint * y, small * small, is_ball));
    v_kind = vec3(0.5 + 0.5 * m.happy + 0.4 * m.angry + 0.4 * m.surprise, clamp(m.sad + 0.8 * m.disgust, 0.0, 1.0), lot.x);
    gl_Position = to_clip(p);
    // What is not there costs nothing.
    if (there < 0.01) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
