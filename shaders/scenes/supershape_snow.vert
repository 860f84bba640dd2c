#version 330 core
// What floats: plankton, marine snow, bubbles, embers, small and sharp where the forms are, large and faint close to the eye.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/motion/there_and_back.glsl"
#include "lib/place/mood.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"

in vec2 in_uv;

out vec2 v_at;
flat out vec4 v_light;   // what it adds; how hollow its disc is
flat out float v_soft;

void main() {
    PlaceMood m = place_mood();
    vec4 lot = lots(gl_InstanceID + 4391), more = lots(gl_InstanceID + 8123);
    vec2 picture = u_resolution / min(u_resolution.x, u_resolution.y);
    float close = step(0.88, lot.w), pixel = 1.0 / min(u_resolution.x, u_resolution.y), size = mix(0.0022 + 0.0045 * more.x * more.x, 0.022 + 0.030 * more.x, close) * (1.0 - 0.3 * m.hard);
    // Up as bubbles or embers, down as snow, or nowhere.
    float pace = (0.018 * m.open + 0.040 * m.hard - 0.014 * m.weep + 0.006 * m.murk) * (0.5 + more.y) * there_and_back();
    vec2 at = vec2(2.0 * fract(lot.x + 0.012 * sin(0.21 * u_phase + 20.0 * more.z)) - 1.0, 2.0 * fract(lot.y + pace + 0.01 * sin(0.17 * u_phase + 9.0 * more.y)) - 1.0);
    float edge = smoothstep(1.0, 0.9, abs(at.y));
    at *= picture;
    // In the night they stand in rings round who has sprung open.
    float turn = 6.2831853 * lot.x, ring = 0.70 + 0.42 * floor(3.0 * more.z) / 2.0 + 0.10 * (lot.y - 0.5);
    at = mix(at, vec2(place_focus_x(), 0.10) + ring * vec2(cos(turn) * 1.25, sin(turn)), m.burst * (1.0 - close) * step(0.4, more.y));
    vec3 behind = backdrop_near(clamp(at / picture * 0.5 + 0.5, 0.01, 0.99)), lit = mix(u_palette[2], u_palette[3], 0.7);
    float shines = 0.55 * m.open + 0.32 * m.calm + 0.40 * m.weep + 1.5 * m.hard + 0.20 * m.hide + 0.30 * m.murk + 1.3 * m.burst + 0.10;
    float seen = size < pixel ? size * size / (pixel * pixel) : 1.0;
    v_light = vec4(mix(lit, u_counter, 0.4 * m.weep * step(0.9, more.w)) * shines * (0.25 + min(3.0 * dot(behind, vec3(0.33)), 1.0)) * mix(0.3 + 0.7 * more.w, 0.10, close) * seen * edge * (0.75 + 0.25 * sin(0.6 * u_phase + 40.0 * more.x)), close);
    size = max(size, pixel);
    v_soft = min(1.2 * pixel / size, 1.0) * (1.0 - close) + 0.35 * close;
    v_at = vec2(in_uv.x, 2.0 * in_uv.y - 1.0) * (1.0 + 0.5 * v_soft);
    vec2 part = ((at + v_at * size) / picture * 0.5 + 0.5 - u_part.xy) / u_part.zw;
    gl_Position = lot.z > u_detail + 0.5 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(part * 2.0 - 1.0, -0.98, 1.0);
}
