#version 330 core
// The body's skin: a lattice of pores in rows, ribs, warts or glowing cracks, as the mood has it; light of the heart comes through where it is thin,
// and what lies beyond where it is clear.
#include "lib/frame.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/form/gesture.glsl"

in vec3 v_position;
in vec3 v_normal;
in vec3 v_east;
in vec2 v_way;
flat in vec4 v_mood_a, v_mood_b;
flat in vec4 v_heart;
flat in vec4 v_numbers;
flat in float v_size, v_layer, v_turn;

out vec4 f_colour;

const float PI = 3.14159265, ROWS = 13.0;
const vec3 EYE_AT = vec3(0.0, 0.0, 3.4), BEHIND = vec3(0.42, 0.38, -0.82);

void main() {
    Mood m = mood_of(v_mood_a, v_mood_b);
    float t = v_way.x, a = 2.0 * PI * v_way.y, phi = PI * (t - 0.5), cp = cos(phi), far = step(v_layer, 0.5), within = step(0.5, v_layer) * step(v_layer, 1.5);
    vec3 d = vec3(cp * cos(a), sin(phi), cp * sin(a)), v = normalize(EYE_AT - v_position), n = normalize(v_normal);
    vec3 east = normalize(v_east), north = cross(east, n);
    float nv0 = dot(n, v), pixel = length(fwidth(d)) * 0.7 + 1e-4;
    n = nv0 < 0.0 ? -n : n;
    nv0 = abs(nv0);
    float inside = mix(step(t, 0.0), max(smoothstep(0.58, 0.62, t) * max(m.happy, m.surprise), smoothstep(0.42, 0.38, t) * m.sad), 1.0);

    vec3 smooth_n = n;
    // Six-sided pores, alike in form from pole to pole: the angle and Mercator's height keep them so (conformal).
    float many = within > 0.5 ? 13.0 : 23.0, wide_cell = 2.0 * PI / many * max(cp, 0.02), high = 0.5 * log((1.0 + min(sin(phi), 0.9995)) / (1.0 + max(-sin(phi), -0.9995)));
    const vec2 PERIOD = vec2(1.0, 1.7320508);
    vec2 net = vec2(v_way.y, high / (2.0 * PI)) * many, one = mod(net, PERIOD) - 0.5 * PERIOD, two = mod(net - 0.5 * PERIOD, PERIOD) - 0.5 * PERIOD;
    bool first = dot(one, one) < dot(two, two);
    vec2 in_cell = first ? one : two, id = net - in_cell, to = in_cell * wide_cell;
    float six = max(abs(in_cell.x), 0.5 * abs(in_cell.x) + 0.8660254 * abs(in_cell.y)), half_ = 0.5 * wide_cell;
    float hole = (mix(six, length(in_cell), 0.40) - mix(0.425, 0.40, within)) * wide_cell;
    float porous = m.neutral * smoothstep(0.10, 0.22, cp), open = smoothstep(pixel, -pixel, hole) * porous;
    float bevel = smoothstep(0.5, 0.0, hole / (0.09 * wide_cell)) * porous * smoothstep(0.06, 0.02, pixel);
    n = normalize(n + bevel * 0.9 * (east * to.x + north * to.y) / (length(to) + 1e-3));
    // Ribs: round the axis, or wound about it.
    float wind = a + 0.55 * phi * m.fear, lines = 16.0, rib = cos(lines * wind), fine = smoothstep(0.45, 0.15, pixel * lines / max(cp, 0.12));
    float ribbed = (0.55 * m.happy + 0.40 * m.sad + 1.3 * m.fear + 0.65 * m.surprise + 0.5 * m.sleep) * fine * smoothstep(0.0, 0.2, cp) * smoothstep(0.0, 0.45, nv0);
    n = normalize(n + east * sin(lines * wind) * 0.40 * ribbed);
    float rings = cos(40.0 * t + 2.0 * sin(3.0 * a)), growth = (m.fear + 0.5 * m.happy + 0.3 * m.sad) * smoothstep(0.3, 0.1, pixel * 13.0);
    n = normalize(n + north * sin(40.0 * t + 2.0 * sin(3.0 * a)) * 0.10 * growth);
    // Warts: round ones of unlike size where the pores would be.
    float lot = fract(sin(floor(2.0 * id.y + 0.5) * 12.9898 + floor(mod(id.x, many) + 0.25) * 78.233) * 437.585), wide = half_ * (0.35 + 0.62 * lot), wart = (1.0 - smoothstep(0.0, wide, length(to))) * m.disgust;
    float dome = sqrt(clamp(1.0 - dot(to, to) / (wide * wide), 0.0, 1.0)), on_wart = step(length(to), wide) * m.disgust * smoothstep(0.0, 0.3, cp);
    n = normalize(n + on_wart * 1.1 * (east * to.x + north * to.y) / wide);
    // Cracks glow where the slow swell changes its sign.
    float field = swell3(d * 3.1 + 7.0 * v_heart.w) + 0.45 * swell3(d * 7.3), slope = fwidth(field) + 0.02, crack = m.angry * (1.0 - smoothstep(0.02, 0.10 + slope, abs(field))), embers = m.angry * exp(-5.0 * abs(field));

    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, vec2(v_way.y * 3.0, t * 1.3));
    float grey = dot(picture, vec3(0.2126, 0.7152, 0.0722)), edge = pow(1.0 - nv0, 2.0);
    float tone = 0.20 + 0.30 * t + 0.20 * edge + 0.30 * m.neutral + 0.25 * m.sad + m.happy * (0.15 + 0.35 * smoothstep(0.35, 0.6, t)) + 0.10 * m.fear * (rib + 1.0) - 0.10 * m.angry + 0.25 * m.surprise * smoothstep(0.3, 0.65, t) + 0.30 * on_wart * dome + 0.22 * m.disgust + u_self[u_shape].y;
    vec3 albedo = dress_own(picture, tone) * (0.75 + 0.45 * grey) * (1.0 - 0.30 * ribbed * (0.5 - 0.5 * rib)) * (1.0 - 0.10 * growth * (0.5 - 0.5 * rings)) * (1.0 + 0.9 * m.sad * fine * pow(0.5 + 0.5 * rib, 8.0));
    // What rots has flesh in the second colour between its warts.
    albedo = mix(albedo, (u_counter * 0.40 + u_palette[1] * 0.4) * (0.4 + 0.8 * grey), m.disgust * 0.70 * (1.0 - on_wart) * smoothstep(0.1, -0.6, n.y + 0.9 * field));
    albedo = mix(albedo, albedo * 0.35 + u_palette[0] * 0.2, m.angry * 0.8);

    float occluded = (1.0 - 0.80 * m.disgust * smoothstep(0.45, 0.20, t) * (1.0 - on_wart)) * mix(1.0, 0.45 + 0.35 * m.sad, max(inside, far)) * (1.0 - 0.5 * bevel) * mix(1.0, 0.5 + 0.5 * smoothstep(-0.9, 0.1, n.y), 0.7);
    vec3 light = shade(n, v, albedo, max(u_roughness, 0.20 + 0.35 * max(m.angry, m.fear)) * (1.0 + 0.3 * m.disgust), occluded, occluded * (1.0 - 0.8 * far));

    // One side lies in its own shadow.
    light *= mix(1.0, mix(0.30 + 0.25 * m.fear, 1.15, smoothstep(-0.55, 0.65, dot(n, KEY))), (1.0 - 0.6 * m.sad - 0.6 * m.happy - 0.7 * m.surprise) * (1.0 - far));
    light += m.fear * (albedo + 0.01) * u_palette[3] * 3.4 * pow(max(dot(n, KEY), 0.0), 1.6) * (1.0 - far);
    // The heart's light: falls on what faces it, and through what is thin.
    vec3 to_heart = (v_heart.xyz - v_position) / v_size, warm = mix(u_palette[2], u_palette[3], 0.6);
    float far2 = dot(to_heart, to_heart), faces = dot(n, to_heart) * inversesqrt(far2 + 1e-4);
    float core = v_numbers.x;
    float thin = (0.30 + 0.70 * edge) * (1.0 - 0.4 * ribbed * (0.5 + 0.5 * rib)) * v_numbers.y;
    light += (albedo + (0.06 + 0.16 * m.sad) * warm) * warm * core * (max(faces, 0.0) * (1.0 + far) * 1.3 + thin * 1.2 + bevel * 0.7) / (1.0 + 1.6 * far2);
    // The pod stands open by a slit; its light lies on the lips.
    float slit_off = (mod(a + v_turn - 1.80 + 0.30 * sin(2.0 * phi + 0.6) + PI, 2.0 * PI) - PI) * cp, slit_at = abs(slit_off), gap = (0.050 + 0.34 * exp(-10.0 * (phi - 0.12) * (phi - 0.12))) * cp * cp * smoothstep(1.25, 0.2, abs(phi + 0.15)), lit_gap = smoothstep(gap + pixel, gap - 2.0 * pixel, slit_at) * m.fear * (1.0 - far);
    vec3 gleam = mix(warm, u_counter, 0.35);
    light *= 1.0 - 0.55 * m.fear * exp(-60.0 * max(slit_at - gap, 0.0)) * (1.0 - lit_gap);
    light += m.fear * gleam * (albedo + 0.02) * 2.4 * exp(-7.0 * slit_at) * gap * 14.0 * (1.0 - lit_gap) * (1.0 - far);
    // Out of it an eye looks, its pupil small.
    vec2 eye = vec2(0.60 * slit_off, 0.85 * (phi - 0.12));
    float from_pupil = length(eye), iris = smoothstep(0.165 + pixel, 0.165 - pixel, from_pupil), pupil = smoothstep(0.060 + pixel, 0.060 - pixel, from_pupil), glint = smoothstep(0.030 + pixel, 0.030 - pixel, length(eye - vec2(-0.060, 0.060)));
    vec3 seen = mix(gleam * (0.60 + 1.6 * max(1.0 - slit_at / (gap + 1e-3), 0.0)), u_palette[2] * (0.30 + 5.0 * from_pupil) * (0.8 + 0.2 * cos(26.0 * atan(eye.y, eye.x))), iris) * (1.0 - 0.97 * pupil);
    light = mix(light, seen * smoothstep(0.0, 0.10, gap - slit_at) * 1.2 + u_palette[3] * 1.6 * glint, lit_gap);
    light += (mix(u_palette[2], u_palette[3], crack) * crack * 2.6 + u_palette[2] * embers * 0.55) * (1.0 - far) * v_numbers.w;
    // Light from behind through the rim, and wet glints.
    light += albedo * u_light * (0.9 * m.happy + 0.8 * m.sad + 0.9 * m.surprise + 0.3) * max(dot(-n, BEHIND) * 0.6 + 0.2, 0.0) * edge;
    light += u_counter * edge * edge * max(dot(smooth_n, BEHIND) + 0.55, 0.0) * (0.6 + 0.5 * m.fear + 0.4 * m.angry) * (0.4 + u_fill) * (1.0 - far);
    light += mix(u_palette[3], vec3(1.0), 0.5) * (m.disgust + 0.5 * m.sad + 0.5 * m.happy) * 1.1 * pow(max(dot(n, normalize(KEY + v)), 0.0), 46.0) * (1.0 - 0.95 * m.disgust * smoothstep(0.48, 0.36, t) * (1.0 - on_wart)) * (1.0 - max(far, inside));

    light += u_palette[3] * m.sad * edge * edge * 0.30;
    // The heart itself, where the eye's ray meets it before it meets this.
    float reach = v_heart.w * v_size, along = dot(v_heart.xyz - v_position, v);
    vec3 miss = v_heart.xyz - v_position - along * v;
    float off = length(miss) / reach, ball = sqrt(max(1.0 - off * off, 0.0)), shows = smoothstep(0.0, 1.0, (1.0 - off) / max(fwidth(off), 1e-3)) * step(0.0, along) * max(far, inside) * (1.0 - m.surprise);
    vec3 pearl = warm * core * (0.22 + 0.70 * ball * ball) * (1.0 + 0.9 * m.neutral) * (0.55 + 0.45 * max(dot(normalize(ball * v - miss / reach), KEY), 0.0));
    light = mix(light, pearl, shows * 0.92);
    light += warm * core * 0.25 * exp(-2.2 * off * off) * far + u_counter * m.sad * (0.75 * exp(-1.1 * off * off) + 0.10 * exp(-0.25 * off * off)) * (1.0 - inside) + warm * m.sleep * core * 0.85 * exp(-0.9 * off * off);

    light += warm * (albedo + 0.05) * within * 0.45 * core;
    light *= 1.0 - 0.92 * m.surprise * smoothstep(0.86, 0.97, t);
    // What is clear shows what lies beyond, tinted.
    float clear = v_numbers.z * nv0 * (1.0 - 0.35 * ribbed * (0.5 + 0.5 * rib)) * (1.0 - 0.6 * shows) * mix(1.0, 0.6, inside);
    light = haze(light, smoothstep(0.0, -1.9, v_position.z) * 0.5);
    float cover = (1.0 - open * (1.0 - shows)) * (1.0 - 0.75 * clear) * clamp(nv0 / max(1.5 * fwidth(nv0), 1e-3), 0.0, 1.0);
    cover *= 1.0 - within * smoothstep(0.5, 0.1, m.neutral);
    if (cover < 0.01) discard;
    f_colour = vec4(light, 1.0) * (u_fade * cover);
}
