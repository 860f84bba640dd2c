// Curtains of light over still water, which the emotion folds, tears, bends to a crown or to a ring, and which visitors part.
// A scene of one file: docs/shaders.md explains how it works, and how to make another.
#define LINEAR
#define COVER
#include "lib/colour/ramp.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/motion/throb.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/form/moods.glsl"
#include "lib/body/reframed.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"

uniform float u_curtains, u_height;

float mood[7], middle, beat_now;
vec3 gap_at = vec3(0.0, 0.05, 0.10);  // the middle of what fear leaves open, and how wide it is
float SHORE = -0.50;  // where land and water meet; lower before a bust

// How far beyond the gap that is left between two drawn curtains; below 0 in it: narrow, widest before a face, held together above.
float slit(vec2 p) {
    float shiver = 0.006 * u_tremble * sin(31.0 * u_phase + 9.0 * p.y), y = p.y - gap_at.y;
    float wide = gap_at.z * exp(-y * y / (y > 0.0 ? 0.16 : 0.50)) * smoothstep(0.95, 0.6, y) - 0.012 * (1.0 - smoothstep(0.95, 0.0, abs(y)));
    return abs(p.x - gap_at.x + 0.05 * y * y + shiver) - wide;
}

// Where a place lies for the curtains: x along them, y above their hem, z how much light there is at all.
vec3 bent(vec2 p) {
    vec3 q = vec3(p, 1.0), sum;
    float x = p.x - middle, t = u_phase;
    // Calm: level, low and wide.
    sum = mood[NEUTRAL] * vec3(p.x, p.y + 0.10, 1.0);
    if (mood[SAD] > 0.01) {
        // It hangs from above in swags and falls like rain.
        float swag = abs(fract(0.55 * p.x + 0.08) - 0.5) * 2.0;
        sum += mood[SAD] * vec3(p.x * 1.05 + 0.05 * p.y, (0.98 - 0.34 * (1.0 - swag * swag) - p.y) * 0.44, 1.15);
    }
    if (mood[ANGRY] > 0.01) {
        // Torn: every sheet a bolt that thrusts up and outwards.
        float high = p.y - SHORE, lean = x / (0.50 + 0.75 * max(high, 0.0));
        float zig = abs(fract(1.9 * high + 0.55 * abs(lean) + 0.09 * t) - 0.5) * 2.0 - 0.5, zag = abs(fract(5.1 * high - 1.3 * lean) - 0.5) * 2.0 - 0.5;
        sum += mood[ANGRY] * vec3(0.72 * lean + 0.20 * zig + 0.08 * zag, high - 0.02 - 0.10 * zig, 1.15);
    }
    if (mood[FEAR] > 0.01) {
        // Drawn together to a narrow gap; the folds crowd there, and it is dark.
        float beyond = max(slit(p), 0.0);
        sum += mood[FEAR] * vec3(1.3 * sign(x) * log(1.0 + 5.0 * beyond) + 0.1 * p.y, 0.55 * (p.y - SHORE) + 0.02, 1.0 * exp(-2.0 * beyond) + 0.20);
    }
    if (mood[DISGUST] > 0.01) {
        // Thick and heavy, in wrinkled lobes.
        float sag = sin(3.1 * p.x + 0.2 * t) + 0.6 * sin(7.3 * p.x - 0.13 * t + 2.0);
        sum += mood[DISGUST] * vec3(p.x + 0.16 * sin(5.0 * p.y + 3.0 * p.x), 0.62 + 0.10 * sag - p.y, 0.8);
    }
    if (mood[HAPPY] + mood[SURPRISE] > 0.01) {
        // A crown that opens from below; a ring overhead.
        vec2 low = vec2(x, p.y - SHORE + 0.22), high = vec2(x, p.y - 0.16);
        float away = length(high), ring = mix(0.42, 0.60, u_spread) * (1.0 + 0.07 * u_pulse * beat_now + 0.3 * u_welcome);
        sum += mood[HAPPY] * vec3(1.35 * atan(low.x, max(low.y, 1e-3)), length(low) - 0.46 - 0.10 * cos(5.0 * atan(low.x, low.y)), 1.1);
        sum += mood[SURPRISE] * vec3(1.7 * abs(atan(high.x, high.y)), (away - ring) * 1.25, 1.2 + 0.5 * exp(-pow((away - 1.55 * ring) / 0.02, 2.0)));
    }
    return mix(vec3(0.8 * p.x, (p.y - SHORE - 0.16 - 0.10 * cos(1.1 * p.x)) * 1.25, 0.9), sum, u_presence);
}

// The curtains' light at a place, and how much of the sky they cover.
vec4 curtains(vec2 p, float touched) {
    vec3 q = bent(p);
    float t = u_phase * 0.16, wide = mix(2.6, 1.3, u_spread), torn = mood[ANGRY], rain = mood[SAD] + 0.6 * mood[DISGUST];
    float count = mix(2.0, u_curtains, u_detail), tall = u_height * (0.50 + 0.16 * u_spread) * (1.0 + 0.4 * u_pulse * (beat_now - 0.35));
    tall *= mix(1.0, 0.62, mood[NEUTRAL] + 0.6 * mood[SURPRISE]);
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, vec2(q.x * 0.33, q.y * 0.21 + 0.3 * u_self[0].x));
    float grey = sqrt(dot(picture, vec3(0.2126, 0.7152, 0.0722))), own = smoothstep(0.70, 1.0, u_texture_amount);
    vec3 stain = picture * mix(u_palette[2] + u_palette[3], vec3(1.2), own), light = vec3(0.0);
    float cover = 0.0, sharp = mix(1.0, 4.0, max(u_spikiness, torn)), dyed = mix(0.38 * u_texture_amount, 1.0, own);
    for (int n = 0; n < int(ceil(count)); n++) {
        // From the farthest to the nearest; the last one fades as the quality changes.
        float seed = float(n) * 1.618 + u_self[0].x, far = 1.0 - (float(n) + 0.5) / count, share = clamp(count - float(n), 0.0, 1.0);
        float scale = mix(0.8, 1.5, far), at = q.x * scale * wide + 0.9 * u_twist * sin(q.x + t) + seed * 3.7;
        // Folds run together and apart: what lies close in x can be far apart on the cloth, and there the light is thick.
        float a = at + t, b = 2.3 * at - 1.3 * t + seed, c = 4.1 * at + 2.1 * t + 2.0 * seed, sa = sin(a), sb = sin(b), wild = 0.12 + 0.5 * u_turbulence;
        float fold = 0.55 * sa + 0.30 * sb + 0.6 * wild * sin(c), thick = abs(0.55 * cos(a) + 0.69 * cos(b) + 0.5 * wild * sb);
        float hem = fold * mix(0.14, 0.035, mood[NEUTRAL] + mood[SURPRISE]) + 0.26 * torn * (abs(sb) - 0.4) + 0.26 * far * (1.0 - mood[SURPRISE]) - 0.06;
        float high = (q.y - hem + 0.14 * (1.0 - mood[SURPRISE]) * touched) * scale / tall;
        if (high < -0.45 || high > 4.0) continue;
        // Threads of the cloth: soft pleats, or blades and strands of different length.
        float cloth = at + 0.8 * fold, pleat = 0.5 + 0.5 * sin(cloth * 11.0 + 2.0 * sin(cloth * 3.1 + seed)), blade = pow(pleat, sharp + 2.0 * rain);
        float length_of = mix(1.0, 0.30 + 1.6 * blade, max(0.35 + 0.65 * u_spikiness, rain));
        float body = smoothstep(-0.10 - 0.06 * u_roughness - (0.26 * mood[NEUTRAL] + 0.24 * mood[SURPRISE]) * u_presence, mix(0.09, 0.03, torn) + 0.05 * mood[SURPRISE], high) * exp(-max(high, 0.0) * 1.35 / length_of);
        // Near the eye single threads are seen in it.
        float single = pow(0.5 + 0.5 * sin(cloth * 47.0 + 3.0 * sin(cloth * 7.3 + seed)), 9.0) * (1.0 - far) * (1.0 - 0.5 * torn);
        body *= 0.80 + 1.9 * single;
        // Beads run down the strands.
        body *= 1.0 + 0.55 * mood[SAD] * sin(16.0 * high - 5.0 * u_phase * 0.4 + 9.0 * pleat + seed);
        float tone = clamp(0.16 + 0.80 * exp(-max(high, 0.0) * 2.4) * (0.6 + 0.4 * blade) + (grey - 0.5) * 0.7 * u_texture_amount, 0.0, 1.0);
        float bright = body / (0.32 + thick) * (0.30 + 0.70 * blade) * mix(1.0, 0.35 + 1.2 * grey * grey, u_texture_amount) * share;
        bright *= mix(1.0, 0.45, far) * (1.0 - 0.6 * u_fog * far);
        light += mix(ramp(u_palette, tone), stain, dyed) * bright;
        cover = max(cover, body * share);
    }
    return vec4(light * q.z / sqrt(count), cover);
}

// Lobes that hang on threads and run together above: how thick it is there, and a wet point on each.
vec2 drips(vec2 p) {
    float thick = exp(3.2 * (p.y - 0.86 - 0.07 * sin(2.3 * p.x + 1.0))), wet = 0.0;
    for (int n = 0; n < 2; n++) {
        float wide = n == 0 ? 0.66 : 0.36, x = p.x / wide + 0.37 * float(n), k = floor(x), h = hash11(k + 31.0 * float(n)), g = fract(7.31 * h);
        float from = (fract(x) - 0.5 - 0.36 * (h - 0.5)) * wide, radius = wide * mix(0.15, 0.27, g);
        float up = p.y - (0.42 - (0.15 + 0.75 * fract(3.7 * h)) * (n == 0 ? 1.0 : 0.75) * (0.88 + 0.12 * sin(0.25 * u_phase + 6.0 * h)));
        float round_it = length(vec2(from, up * (up > 0.0 ? 0.55 : 0.9))) / radius, thread = abs(from) / (radius * 0.40);
        thick += exp(-round_it * round_it) * 1.25 + 0.62 * exp(-thread * thread) * smoothstep(-0.02, 0.10, up);
        vec2 point = vec2(from + 0.30 * radius, up - 0.22 * radius) / radius;
        wet += exp(-16.0 * dot(point, point));
    }
    return vec2(thick, wet);
}

// Sky, stars and a light along the shore.
vec3 behind(vec2 p, vec2 uv, float near) {
    float up = max(p.y - SHORE, 0.0), high = exp(-1.2 * up), low = high * high * high * high;
    vec3 sky = u_palette[0] * (0.5 + 0.5 * high) + u_palette[1] * (0.05 + 0.20 * high * high) * (0.4 + 0.6 * near) * (0.5 + 0.5 * u_presence);
    sky += u_counter * (0.05 + 0.20 * near) * low * low * (0.35 + 0.65 * u_light * u_presence);
#ifndef NO_PICTURE
    vec3 paint = as_seen(picture_soft(vec2(uv.x, mix(0.35, 0.95, clamp(up / 1.5, 0.0, 1.0))), 4.6));
    sky = mix(sky, 0.5 * sky + paint * mix(0.12, 0.22, smoothstep(0.6, 1.0, u_picture_strength)) * exp(-0.8 * up) * (0.5 + 0.5 * u_light), u_picture_strength);
#endif
    // One star stands low over the water: the light that is left where nobody is, or where it rains.
    vec2 off = (p - vec2(middle > 0.1 ? -0.74 : 0.74, SHORE + 0.26 - 0.04 * mood[SAD])) / (0.036 - 0.014 * u_presence);
    float r2 = dot(off, off), lone = (1.0 - u_presence + mood[SAD] * u_presence);
    if (lone > 0.01) sky += (u_palette[3] + 0.35) * lone * (2.4 * exp(-r2) + 0.34 / (1.0 + 0.10 * r2) / (1.0 + 0.02 * r2));
    if (up < 0.05) return sky;
    vec2 grid = p * 21.0;
    vec4 lot = lots(int(floor(grid.x)) * 733 + int(floor(grid.y)) * 7919);
    if (lot.w < 0.72) return sky;
    vec2 from = fract(grid) - 0.2 - 0.6 * lot.xy;
    float star = max(1.0 - dot(from, from) * mix(130.0, 45.0, lot.z * lot.z), 0.0);
    return sky + (0.5 * u_palette[3] + 0.25) * star * star * (0.6 + 0.4 * sin(u_time * (0.5 + 0.01 * floor(100.0 * lot.z)) + 40.0 * lot.x)) * smoothstep(0.05, 0.7, up) * 0.48;
}

void mainImage(out vec4 colour, in vec2 place) {
    vec2 p = (2.0 * place - iResolution.xy) / min(iResolution.x, iResolution.y);
    mood = moods();
    beat_now = throb(u_phase * 1.5, u_rhythm);
    middle = 0.0;
    float bust = 0.0;
    for (int i = 0; i < u_people; i++) bust = max(bust, u_seen[i].w * u_place[i].w * (1.0 - smoothstep(1.0, 2.2, u_seen[i].x)));
    SHORE = mix(-0.50, -0.76, bust);
    // Water mirrors what stands over it, drawn out and broken by level ripples that are finer far away.
    float below = max(SHORE - p.y, 0.0), water = step(1e-5, below);
    vec2 seen = vec2(p.x, abs(p.y - SHORE) + SHORE);
    float ripple = 0.0;
    if (below > 0.0) ripple = sin(9.0 / (below + 0.06) + 0.8 * u_time) * sin(3.0 * p.x + 13.0 / (below + 0.10) - 0.5 * u_time);
    seen += water * vec2(0.10, 0.22) * ripple * below * (0.35 + 0.65 * u_turbulence);
    seen.y += water * 0.35 * below;

    float parted = 0.0, touched = 0.0, near = 0.0, inside = 1e3, all = 0.0;
    Reframed found;
    for (int i = 0; i < u_people; i++) {
        Reframed r = reframed(i);
        float here = u_place[i].w;
        middle += here * mix(u_place[i].x, r.head.x, u_seen[i].w);
        all += here;
        // Light stands where a visitor does; hands part the curtains and are lit by them.
        float away = (seen.x - r.head.x) / (0.35 + 0.5 * u_place[i].z);
        near += here * exp(-away * away);
        for (int hand = LEFT_WRIST; hand <= RIGHT_WRIST; hand++) {
            vec4 joint = reframed_joint(r, i, hand);
            if (joint.w < 0.02) continue;
            vec2 from = seen - joint.xy;
            float reach = joint.w * here * exp(-9.0 * dot(from, from));
            // Who hides draws them to, and parts nothing.
            parted += (1.0 - mood[FEAR]) * reach * from.x;
            touched += (1.0 - 0.7 * mood[FEAR]) * reach;
        }
        // How far beyond somebody's head and shoulders (aurora_veil.vert draws them).
        vec2 out_by = (seen - r.head + vec2(0.0, 1.3 * r.half_head)) / (r.half_head * vec2(1.7, 2.5));
        float d = (length(out_by) - 1.0) * r.half_head * 1.7 + 0.5 * (1.0 - smoothstep(0.05, 0.6, here));
        if (d < inside) {
            inside = d;
            found = r;
        }
    }
    middle = clamp(middle / max(all, 1e-3), -1.0, 1.0) * smoothstep(0.0, 0.3, all);
    if (all > 0.05) gap_at = vec3(middle, 0.0, 0.145 + 0.075 * bust);
    float lit = (0.35 + 0.50 * u_light + 0.30 * u_fill + 0.55 * u_glow) * mix(0.95, 0.75 + 0.40 * min(near, 1.3), u_presence) * (1.0 + 0.8 * u_welcome);

    // Who stands there parts the curtains: they are drawn aside, and their light lies along the outline.
    float edge = exp(-4.0 * (inside + sqrt(inside * inside + 0.04)));
    vec2 at = seen - vec2(0.8 * parted, 0.0);
    at.x += 0.16 * (1.0 - mood[SURPRISE]) * edge * (at.x - found.head.x) / sqrt((at.x - found.head.x) * (at.x - found.head.x) + found.half_head * found.half_head + 0.01) * step(inside, 9.0);
    vec4 hung = curtains(at, touched);
    vec3 light = hung.rgb * lit * (1.9 + 1.6 * touched);
    if (mood[DISGUST] > 0.02) {
        vec2 lobes = drips(seen);
        // Light on what is wet, as if it were a surface over the picture.
        float solid = smoothstep(0.44, 0.56, lobes.x), high = 1.0 - exp(-1.6 * max(lobes.x - 0.40, 0.0)), px = 2.0 / min(iResolution.x, iResolution.y);
        vec3 n = normalize(vec3(-vec2(dFdx(high), dFdy(high)) / px * 0.22, 1.0));
        float wrinkle = 0.5 + 0.5 * sin(30.0 * high + 7.0 * seen.x + 3.0 * sin(9.0 * seen.y)), key = max(dot(n, vec3(-0.55, 0.62, 0.56)), 0.0);
        vec3 slime = mix(u_palette[1] * 0.6, u_palette[2], key) * (0.10 + 0.95 * key * key) * (0.72 + 0.28 * wrinkle) + 0.25 * light;
        slime += (u_palette[3] + 0.25) * (1.5 * pow(max(dot(n, vec3(-0.31, 0.42, 0.85)), 0.0), 40.0) + 0.8 * lobes.y);
        light = mix(light, slime * lit, solid * mood[DISGUST]);
    }
    if (mood[FEAR] > 0.02) {
        float beyond = slit(seen), open = smoothstep(0.012, -0.02, beyond), hem = exp(-pow((beyond - 0.012) / 0.014, 2.0));
        float weak = smoothstep(1.1, 0.1, abs(seen.y - gap_at.y));
        light = mix(light, mix(u_palette[1], mix(u_palette[2], u_palette[3], 0.5), weak) * (0.25 + 1.35 * weak * weak) * lit, open * mood[FEAR]);
        light += mood[FEAR] * mix(u_palette[2], u_counter, 0.35) * hem * weak * 1.0 * lit;
    }
    float about = exp(-0.9 * (p.x - middle) * (p.x - middle));
    vec3 sky = behind(seen, place / iResolution.xy, about);
    light = light / (1.0 + 0.16 * light) + sky * (1.0 - 0.4 * min(hung.a, 1.0));

    // Dark land in three layers, each paler the farther, firs on the nearest, and the light of the sky along it.
    float over = seen.y - SHORE;
    if (over < 0.26) {
        vec3 dark = u_palette[0] * 0.6 + 0.06 * light;
        float x = seen.x, range = 0.150 + 0.050 * sin(1.3 * x + 0.4) + 0.026 * sin(3.7 * x + 2.0) + 0.010 * sin(11.0 * x), hills = 0.075 + 0.034 * sin(2.3 * x + 3.0) + 0.016 * sin(6.1 * x) + 0.004 * sin(23.0 * x);
        light = mix(light, mix(dark, light + 0.30 * sky, 0.42), 0.80 * smoothstep(0.006, -0.006, over - range));
        light = mix(light, mix(dark, light, 0.20), 0.90 * smoothstep(0.006, -0.006, over - hills));
        float row = 27.0 * x, lot = fract(sin(floor(row) * 12.9898) * 4375.85), stands = smoothstep(0.40, 0.62, 0.5 + 0.5 * sin(2.3 * x + 0.9) * sin(5.3 * x) + 0.30 * (lot - 0.5));
        float fir = max((0.45 + 0.55 * lot) * (1.0 - abs(fract(row) - 0.5 - 0.2 * (fract(7.3 * lot) - 0.5)) * (2.5 + 0.5 * sin(150.0 * over))), 0.0) * 0.060 * stands;
        float bank = 0.026 + 0.022 * sin(2.1 * x + 1.3) + 0.012 * sin(5.3 * x) + 0.005 * sin(17.0 * x + 1.0) + fir;
        light = mix(light, dark, 0.94 * smoothstep(0.005, -0.005, over - bank));
    }

    // Water takes light away, most near by; glints on it.
    float fresnel = mix(0.62, 0.30, smoothstep(0.0, 0.5, below));
    light = mix(light, light * fresnel * (0.85 + 0.5 * max(ripple, 0.0)) + u_palette[0] * 0.2, water);
    float off = max(1.0 - abs(p.y - SHORE) * 26.0, 0.0);
    light += u_counter * 0.25 * off * off * about * mix(0.35, 1.0, u_presence);
    colour = vec4(light, mix(1.0, clamp(hung.a, 0.0, 0.8), u_camera_share));
}
