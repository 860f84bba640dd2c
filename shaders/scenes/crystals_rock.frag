#version 330 core
// Rock and clots as relief on a quad: broken faces and worn edges, or round and wet; its depth is that of the relief, so that neighbours meet in a seam.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_sharp.glsl"
#include "lib/light/environment_soft.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"

in vec2 v_at;
flat in vec3 v_middle;
flat in vec3 v_size;
flat in vec3 v_kind;
flat in mat2 v_turn;
flat in vec4 v_haze;
out vec4 f_colour;

const vec2 TO[7] = vec2[7](vec2(1.0, 0.05), vec2(0.52, 0.85), vec2(-0.35, 0.94), vec2(-0.95, 0.30), vec2(-0.82, -0.57), vec2(-0.10, -0.99), vec2(0.71, -0.70));

// How high a clot's surface stands in its small ones, [0, 1], and which way it leans there.
float knobs(vec2 p, float seed, int count, out vec2 leans) {
    vec2 cell = floor(p - 0.5);
    float nearest = 9.0;
    leans = vec2(0.0);
    for (int k = 0; k < count; k++) {
        vec2 to = cell + vec2(k & 1, k >> 1);
        float lot = hash11(to.x + 57.0 * to.y + 311.0 * seed);
        vec2 away = p - to - 0.5 - 0.27 * vec2(sin(6.2831853 * lot), cos(6.2831853 * lot));
        float far = dot(away, away) / (0.34 + 0.75 * fract(lot * 7.31));
        if (far < nearest) {
            nearest = far;
            leans = away;
        }
    }
    return count > 0 ? sqrt(max(1.0 - nearest, 0.0)) : 1.0;
}

void main() {
    // Most of what is under the ground or outside is not looked at.
    if (v_middle.y + v_at.y * v_size.y < FLOOR - 0.05 || dot(v_at, v_at) > 1.75) discard;
    float random = v_kind.y, clot = step(0.5, v_kind.x);
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_at * v_size.xy * 1.5 + random * 9.0);
    float grey = dot(picture, vec3(0.3333)), rough = grey - 0.4;
    // Broken stone: what six slanted planes and a flat one leave over; where two meet the edge is worn.
    float high = 0.55 + 0.35 * rough, next = 1e3;
    vec3 n = vec3(0.0, 0.15, 1.0);
    vec2 bent = v_turn * v_at + 0.22 * (picture.rg - grey) + 0.05 * sin(v_at.yx * 9.0 + 30.0 * random);
    for (int k = 0; k < (clot > 0.5 ? 0 : 7); k++) {
        float lot = fract(random * (7.3 + 13.7 * float(k))), slope = 0.9 + 1.3 * fract(lot * 17.3);
        vec2 to = TO[k];
        float z = slope * (0.80 + 0.20 * lot + 0.16 * rough - dot(to, bent));
        if (z < high) {
            next = high;
            high = z;
            n = vec3(to * v_turn * slope, 1.0);
        } else next = min(next, z);
    }
    float worn_by = 1.0 - smoothstep(0.0, 0.10, next - high);
    n = normalize(n);
    // A clot is smooth, a little out of round, and grown over with smaller ones that meet in seams, as on malachite.
    vec2 lumpy = v_at * (1.0 + 0.05 * sin(vec2(2.0, 2.6) * v_at.yx + 50.0 * random)), leans;
    float r1 = min(length(lumpy), 1.0), knob = knobs(lumpy * (1.0 + 0.5 * r1 * r1 * r1) * clamp(v_size.x / 0.092, 0.8, 2.6), random, clot > 0.5 && r1 < 0.9999 ? 4 : 0, leans);
    lumpy *= 1.10 - 0.10 * knob;
    // From above slime has filled the seams.
    float slimed = smoothstep(-0.1, 0.8, lumpy.y + 0.25 * sin(4.0 * lumpy.x + 30.0 * random));
    knob = mix(knob, 1.0, 0.6 * slimed);
    float ball = 1.0 - dot(lumpy, lumpy), round_z = sqrt(max(ball, 0.0));
    high = mix(high, ball, clot);
    n = mix(n, normalize(vec3(lumpy + mix(0.50, 0.20, slimed) * leans, round_z + 0.02)), clot);
    float cover = clamp(0.5 + high / max(fwidth(high), 1e-4), 0.0, 1.0);
    if (cover < 0.01) discard;
    float deep = mix(max(high, 0.0), round_z * (0.85 + 0.15 * knob), clot);
    vec3 place = v_middle + vec3(v_at * v_size.xy, deep * v_size.z), v = normalize(vec3(0.0, 0.0, EYE) - place);
    n = normalize(n / (v_size / v_size.x) + mix(1.8, 0.10, clot) * (picture.grb - grey) * vec3(1.0, 1.0, 0.4));

    float low = smoothstep(FLOOR - 0.02, FLOOR + 0.16, place.y);
    // Stone takes a little of the mood's colour, and no more.
    vec3 stained = u_palette[1] * 0.62 + u_palette[2] * 0.10 + u_palette[0], stone = mix(vec3(dot(stained, vec3(0.2126, 0.7152, 0.0722)) + 0.004), stained, 0.45) * (0.20 + 1.8 * grey) * (1.0 + 0.25 * worn_by);
    // A crust: flesh in the second colour deep in it, under clear slime that is thickest where it has run down to.
    float runs = smoothstep(-0.9, 0.5, n.y + 0.25 * rough + 0.5 * (random - 0.5));
    vec3 flesh = (u_counter * 0.30 + u_palette[1] * 0.7) * (0.55 + 0.35 * grey), slime = mix(u_palette[1], mix(u_palette[2], u_palette[3], 0.5 * random), 0.55 + 0.35 * random) * (0.70 + 0.30 * grey);
    vec3 albedo = mix(stone, mix(flesh, slime, runs), clot);
    float seam = mix(1.0, mix(0.45, 1.0, smoothstep(0.0, 0.55, round_z)) * mix(0.35, 1.0, smoothstep(-0.95, 0.35, n.y)) * mix(0.40, 1.0, smoothstep(0.0, 0.7, knob)), clot), shadow = mix(0.35, 1.0, low) * seam;
    // Rough stone needs the room's light from two sides only, not four.
    float facing = dot(n, KEY), wrapped = max((facing + 0.2) / 1.2, 0.0), graze = 1.0 - max(dot(n, v), 0.0);
    vec3 key = vec3(1.0, 0.96, 0.90) * u_light * 1.35 * shadow, light = albedo * (wrapped * key + environment_soft(n) * u_fill * shadow) + key * 1.3 * ggx(n, v, KEY, mix(0.50, 0.24, clot), 0.04) * max(facing, 0.0);
    light += mix(u_palette[3], u_counter, 0.6) * graze * graze * graze * graze * max(dot(n, vec3(0.62, 0.62, -0.48)) + 0.3, 0.0) * 0.6 * shadow;
    light += clot * environment_sharp(reflect(-v, n)) * (0.05 + 0.6 * graze * graze * graze) * u_fill * shadow;
    // Walls and ceiling are dark, and take a little of the light that is in the middle.
    vec3 middle = vec3(bed_middle(0).x - place.x, 0.55 - place.y, -0.35 - place.z);
    // Under a ceiling that hangs low there is less of it.
    vec3 dim = (2.0 * stone + 0.016) * mix(1.0, 0.40, smoothstep(0.5, 0.9, u_droop)) * mix(u_palette[3], u_palette[2], 0.5) * (3.5 + 7.5 * max(dot(n, normalize(middle)) + 0.45, 0.0) * (0.4 + 1.5 * grey)) * exp(-0.50 * dot(middle.xy, middle.xy));
    light = mix(light, dim + u_palette[0] + u_palette[1] * 0.06, v_kind.z);
    float rim = 1.0 - max(dot(n, v), 0.0);
    // Clots let light through: from the key's side far in, and along the rim.
    float through = smoothstep(-0.7, 0.9, dot(n, KEY));
    light += clot * mix(u_palette[2], u_palette[3], 0.4) * (0.06 + 0.26 * through * through + 0.50 * rim * rim * (0.35 + through)) * (0.5 + 0.4 * grey) * mix(0.5, 1.0, low);
    light = mix(own_tint(light, picture), v_haze.rgb * mix(1.0, 0.35, v_kind.z), 0.8 * v_haze.a);
    // Its foot is lost in the ground.
    cover *= smoothstep(FLOOR - 0.03, FLOOR + 0.02, place.y + 0.05 * rough);
    float w = EYE - place.z;
    gl_FragDepth = clamp(0.5 + 0.5 * (w * 12.1 - 2.4) / (11.9 * w), 0.0, 1.0);
    f_colour = vec4(light * u_fade, u_fade) * cover;
}
