#version 330 core
// Icicles, slime on threads and drops: bodies of turning, clear or cloudy, through which the room is seen upside down.
#include "lib/frame.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_sharp.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"

in vec2 v_at;
in vec3 v_position;
flat in vec4 v_kind;
flat in vec4 v_haze;
out vec4 f_colour;

void main() {
    float s = v_at.y, random = v_kind.y, slime = step(0.5, v_kind.x) * step(v_kind.x, 1.5), left = max(1.0 - s, 0.0);
    // How wide it is here, of the most: ice tapers in ripples, slime is a thread with a bulb, and each ends in a drop.
    float ripple = sin(s / v_kind.z * 1.7 + 20.0 * random), wave = sin(3.1 * s + 9.0 * random);
    float ice = pow(left, 0.72) * (0.80 + 0.09 * ripple) * (1.0 + 0.7 * exp(-7.0 * s)) * 0.62;
    // The drop is a ball that its own weight draws out of the thread; u: from its tip up, in widths.
    float u = left / v_kind.z, ball = 0.48 + 0.34 * v_kind.w, drawn = (u - ball) / (1.6 * ball), thread = 0.085 + 0.025 * wave + mix(0.80, 0.22, step(1.1, v_kind.x)) * exp(-0.55 * s / v_kind.z);
    float slimy = u < ball ? sqrt(max(u * (2.0 * ball - u), 0.0)) : thread + max(ball - thread, 0.0) * exp(-drawn * drawn), under = min((u - ball) / ball, 0.0);
    float drop = sqrt(max(sin(3.14159265 * min(s * s, 1.0)), 0.0));
    float wide = mix(ice, slimy, slime);
    wide = v_kind.x > 1.5 ? drop : wide;
    float bend = v_at.x + 0.20 * wave * (1.0 - slime) * s, across = bend / max(wide, 1e-3), inside = wide - abs(bend);
    float cover = clamp(0.5 + inside / max(fwidth(bend), 1e-4), 0.0, 1.0) * smoothstep(0.0, mix(0.02, 0.003, slime), left) * smoothstep(0.0, 0.06, s + 1.0 - step(1.1, v_kind.x) * slime);
    if (cover < 0.01) discard;
    across = clamp(across, -1.0, 1.0);
    vec3 n = normalize(vec3(across, mix(-0.10 + 0.16 * cos(s / v_kind.z * 1.7 + 20.0 * random), 0.0, slime), sqrt(max(1.0 - across * across, 0.0)) + 0.02));
    n = mix(n, vec3(n.x, 0.0, n.z) * sqrt(max(1.0 - under * under, 0.0)) + vec3(0.0, under, 0.0), slime);
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position);
    vec2 seen = v_position.xy * (EYE / (EYE - v_position.z)) + vec2(0.0, place_horizon_y());
    vec2 unit = 0.5 * min(u_resolution.x, u_resolution.y) / u_resolution, uv = seen * unit + 0.5;
    vec3 picture = worn_softly(vec2(across * 0.06 + random * 5.0, s / v_kind.z * 0.035), 0.5);
    float grey = dot(picture, vec3(0.2126, 0.7152, 0.0722)), nv = max(dot(n, v), 0.0), side = 1.0 - nv, fresnel = 0.04 + 0.96 * pow(side, 5.0);
    vec3 room = mix(backdrop_near(uv - 0.30 * n.xy * unit), environment_sharp(refract(-v, n, 0.75)), 0.2);
    float core = exp(-3.0 * across * across) * (0.25 + 0.75 * smoothstep(0.25, 0.60, grey)) * mix(0.9, 0.35, s), facing = max(dot(n, KEY), 0.0);
    vec3 body = dress_own(picture, mix(0.45 + 0.35 * (1.0 - s), 0.55 + 0.30 * random, slime)), lamp = mix(u_palette[2], u_palette[3], 0.25);
    float dense = mix(0.25 + 0.60 * core, 0.62, slime), lit = 0.55 * u_light + 0.65 * u_fill;
    vec3 light = mix(room * 2.2 * mix(vec3(0.95), lamp / (max(lamp.r, max(lamp.g, lamp.b)) + 0.03), 0.8), body * lit * (0.52 + 0.90 * facing), dense);
    light *= 1.0 - 0.45 * side * side;
    light += environment_sharp(reflect(-v, n)) * fresnel * (0.5 + u_fill) * 0.8;
    light += vec3(1.0, 0.97, 0.92) * min(ggx(n, v, KEY, 0.20, 0.06) * facing, 1.2) * u_light * 2.0;
    light += u_counter * side * side * max(n.x, 0.0) * 0.12 + lamp * mix(u_palette[2], u_palette[3], 0.8) / (lamp + 0.02) * smoothstep(0.78, 1.0, s) * 0.45 * u_light;
    light = own_tint(light, picture);
    light = mix(light, v_haze.rgb, v_haze.a);
    f_colour = vec4(light * u_fade, u_fade) * cover;
}
