#version 330 core
// Locks of raffia, fibre by fibre, and horns of the shell's own wood.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/mask/rig.glsl"
#include "lib/mask/stuff.glsl"
#include "lib/mask/raked.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_way;
in vec4 v_strip;
flat in vec4 v_mood[2];

out vec4 f_colour;

const float FIBRES = 12.0;

void main() {
    mood[0] = v_mood[0];
    mood[1] = v_mood[1];
    // Never longer than 1: a power of less than nothing is no number.
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = v_normal * (0.9999 / max(length(v_normal), 1e-3));
    n = dot(n, v) < 0.0 ? -n : n;
    vec3 accent = u_own_palette[u_shape * 4 + 3], middle = u_own_palette[u_shape * 4 + 2];
    float y = v_strip.x, solid = smoothstep(0.35, 0.65, v_strip.z);
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_strip.xy * vec2(0.12, 0.3) + v_strip.w);
    float grey = dot(picture, vec3(0.3333));

    // Fibres: each of its own length and place, thinner towards its tip; where they are finer than the picture, as dense as they are.
    float across = (0.5 + 0.5 * v_strip.y) * FIBRES + 0.25 * sin(5.0 * y + 20.0 * v_strip.w), cell = floor(across);
    vec4 lot = lots(int(cell) + int(v_strip.w * 4093.0) * 16);
    float reach = mix(0.42, 1.0, sqrt(lot.x)), aside = fract(across) - 0.5 + 0.22 * (lot.y - 0.5) * sin(4.0 * y + 6.0 * lot.z);
    float thin = 0.46 * sqrt(max(1.0 - y / reach, 0.0)) * mix(1.0, 0.75, y), fine = clamp(fwidth(across) * 0.75, 0.06, 0.6);
    float cover = smoothstep(thin + fine, thin - fine, abs(aside)) * step(y, reach) * smoothstep(1.0, 0.9, abs(v_strip.y));
    cover = mix(cover, 1.0, solid);
    if (cover < 0.06) discard;
    vec3 way = normalize(v_way);
    float lw = dot(KEY, way), hw = dot(normalize(KEY + v), way), shine = pow(max(1.0 - hw * hw, 0.0), 24.0), root = smoothstep(0.0, 0.45, y);
    vec3 straw = mix(mask_wood() * 1.5, mix(middle, accent, 0.35 * y), 0.45 - 0.36 * mood[1].y) * (0.45 + 0.9 * lot.w) * mix(1.0, 0.55, mood[0].x + mood[0].z);
    straw = mix(straw, picture, own_colours());
    vec3 hair = straw * (1.30 * u_light * sqrt(max(1.0 - lw * lw, 0.0)) * (0.35 + 0.65 * max(dot(n, KEY) + 0.3, 0.0)) + 0.55 * u_fill * environment_soft(n));
    hair += (0.10 + 0.4 * straw) * shine * u_light * 0.55 * (0.4 + 0.6 * lot.z);
    hair *= mix(0.10, 1.0, root) * (0.7 + 0.6 * (0.5 - abs(aside)));
    // Joy and surprise are tipped with light.
    hair += accent * (0.12 * mood[0].w + 0.12 * mood[1].y) * smoothstep(0.55, 1.0, y / reach) * (0.4 + 0.6 * u_glow);

    // A horn: dark at its root, worn bright towards its tip.
    Stuff horn = Stuff(mix(mask_wood() * (0.30 + 0.30 * grey), mix(accent, vec3(0.9, 0.75, 0.5), 0.4) * 0.75, smoothstep(0.30, 0.95, y + 0.25 * (grey - 0.4))), 0.34, 0.0);
    horn.colour *= 1.0 - 0.35 * smoothstep(0.3, 1.0, sin(40.0 * y)) * (1.0 - y);
    float gilt = mood[0].w + mood[1].z;
    horn.colour = mix(horn.colour, mix(accent, vec3(0.95, 0.55, 0.16), 0.7) * (0.45 + 0.9 * grey), gilt);
    horn.rough = mix(horn.rough, 0.28, gilt);
    horn.metal = 0.85 * gilt;
    horn.colour = mix(horn.colour, picture, own_colours());
    vec3 light = mix(hair, raked(n, v, horn, mix(0.3, 1.0, root), mix(0.25, 1.0, smoothstep(0.0, 0.22, y))), solid);
    float rim = pow(1.0 - max(dot(n, v), 0.0), 2.0) * max(dot(n, normalize(vec3(0.8, 0.1, -0.45))) + 0.35, 0.0);
    light += u_counter * rim * mix(0.15, 0.45, solid);
    light += u_welcome * u_welcome * accent * 0.4 * y;
    light = haze(light, smoothstep(0.5, -0.9, v_position.z) * 0.6);
    f_colour = vec4(light * u_fade, u_fade) * cover;
}
