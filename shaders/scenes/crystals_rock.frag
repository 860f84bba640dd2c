#version 330 core
// Rock and clots as relief on a quad: broken faces and worn edges, or round and wet; its depth is that of the relief, so that neighbours meet in a seam.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"

in vec2 v_at;
flat in vec3 v_middle;
flat in vec3 v_size;
flat in vec3 v_kind;
out vec4 f_colour;

void main() {
    float random = v_kind.y, clot = step(0.5, v_kind.x);
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_at * v_size.xy * 1.5 + random * 9.0);
    float grey = dot(picture, vec3(0.3333)), rough = grey - 0.4;
    // Broken stone: what six slanted planes and a flat one leave over; where two meet the edge is worn.
    float turn = 6.2831853 * random, high = 0.55 + 0.35 * rough, next = 1e3;
    vec3 n = vec3(0.0, 0.15, 1.0);
    vec2 bent = v_at + 0.22 * (picture.rg - grey) + 0.05 * sin(v_at.yx * 9.0 + 30.0 * random);
    for (int k = 0; k < 7; k++) {
        float lot = fract(random * (7.3 + 13.7 * float(k))), angle = turn + 0.8975979 * float(k) + 0.5 * lot, slope = 0.9 + 1.3 * fract(lot * 17.3);
        vec2 to = vec2(cos(angle), sin(angle));
        float z = slope * (0.80 + 0.20 * lot + 0.16 * rough - dot(to, bent));
        if (z < high) {
            next = high;
            high = z;
            n = vec3(to * slope, 1.0);
        } else next = min(next, z);
    }
    float worn_by = 1.0 - smoothstep(0.0, 0.10, next - high);
    n = normalize(n);
    vec2 lumpy = v_at + 0.22 * (picture.br - grey) + 0.03 * sin(v_at.yx * 11.0 + 50.0 * random);
    float r2 = dot(lumpy, lumpy), ball = 1.0 - r2, round_z = sqrt(max(ball, 0.0));
    high = mix(high, ball, clot);
    n = mix(n, normalize(vec3(lumpy, round_z + 0.02)), clot);
    float cover = clamp(0.5 + high / max(fwidth(high), 1e-4), 0.0, 1.0);
    if (cover < 0.01) discard;
    float deep = mix(max(high, 0.0), round_z, clot);
    vec3 place = v_middle + vec3(v_at * v_size.xy, deep * v_size.z), v = normalize(vec3(0.0, 0.0, EYE) - place);
    n = normalize(n / (v_size / v_size.x) + mix(1.8, 2.2, clot) * (picture.grb - grey) * vec3(1.0, 1.0, 0.4));

    float low = smoothstep(FLOOR - 0.02, FLOOR + 0.16, place.y);
    vec3 stone = (u_palette[1] * 0.62 + u_palette[2] * 0.10 + u_palette[0]) * (0.20 + 1.8 * grey) * (1.0 + 0.25 * worn_by);
    // A crust: flesh in the second colour, and clear slime that runs over it from above.
    float runs = smoothstep(-0.75, 0.35, n.y + 1.2 * rough + 0.7 * (random - 0.5));
    vec3 flesh = (u_counter * 0.50 + u_palette[1] * 0.5) * (0.25 + 1.1 * grey), slime = mix(u_palette[2], u_palette[3], 0.25 + 0.6 * random) * (0.35 + 0.8 * grey);
    vec3 albedo = mix(stone, mix(flesh, slime, runs), clot);
    float seam = mix(1.0, smoothstep(0.0, 0.75, round_z), clot), shadow = mix(0.35, 1.0, low) * seam;
    vec3 light = shade(n, v, albedo, mix(0.50, 0.30, clot), shadow, shadow);
    vec3 crack = normalize(vec3(bed_middle(0).x - place.x, 0.75, -0.25 - place.z));
    light += (stone * 3.0 + 0.02) * mix(u_palette[3], u_counter, 0.5) * v_kind.z * max(dot(n, crack), 0.0);
    float rim = 1.0 - max(dot(n, v), 0.0);
    light += clot * (mix(u_palette[2], u_palette[3], 0.4) * (0.10 + 0.35 * rim) * (0.3 + grey)) * seam;
    vec2 seen = place.xy * (EYE / (EYE - place.z)) + vec2(0.0, place_horizon_y());
    vec2 uv = seen * 0.5 * min(u_resolution.x, u_resolution.y) / u_resolution + 0.5;
    light = mix(light, backdrop_near(uv), (1.0 - exp(-0.55 * max(-0.05 - place.z, 0.0) * (1.0 + u_fog))) * 0.8);
    // Its foot is lost in the ground.
    cover *= smoothstep(FLOOR - 0.03, FLOOR + 0.02, place.y + 0.05 * rough);
    float w = EYE - place.z;
    gl_FragDepth = clamp(0.5 + 0.5 * (w * 12.1 - 2.4) / (11.9 * w), 0.0, 1.0);
    f_colour = vec4(light * u_fade, u_fade) * cover;
}
