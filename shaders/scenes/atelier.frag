#version 330 core
// The atelier: a large canvas on an easel in a dim room. atelier_feedback.frag remembers how much paint is where; here each stroke
// asks at its own middle whether it has been laid, and of what colour: large ones first, then finer ones, then the picture itself.
#include "lib/frame.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"
#include "lib/picture/easel.glsl"
#include "lib/texture/worn_softly.glsl"
uniform float u_impasto;
in vec2 v_uv;
out vec4 f_colour;
const vec3 WEIGHTS = vec3(0.2126, 0.7152, 0.0722);

// What is to be painted: the composed picture, and while there is none the worn one in the palette.
vec3 motif(vec2 uv, float lod) {
    vec3 light = vec3(0.0);
#ifndef WHOLE_PICTURE
    light = dress(worn_softly(uv * vec2(0.8, 0.6), lod), 0.16 + 0.5 * uv.y);
#endif
#ifndef NO_PICTURE
    // Finished, it is still paint: where a GPU draws, the last layer is strokes, too.
#ifdef ON_PROCESSOR
    vec3 sharp = picture(uv);
#else
    vec3 sharp = lod > 0.5 ? vec3(0.0) : picture_in_strokes(uv);
#endif
    light = mix(light, lod > 0.5 ? picture_soft(uv, lod) : sharp, u_picture_strength);
#endif
    return light;
}

// How light it is, softly: what is drawn before anything is painted.
float tone(vec2 uv) {
#ifdef NO_PICTURE
    return sqrt(dot(worn_softly(uv * vec2(0.8, 0.6), 3.0), WEIGHTS));
#else
    return sqrt(dot(picture_soft(uv, 2.2), WEIGHTS));
#endif
}

struct Paint { vec3 colour; float cover, thick; };

// The mood leads the brush: strokes fall where all hangs, slash where there are thorns, rise where all rises, and wind where it winds.
const vec2 CENTRE = vec2(0.667, 0.5);
float led(vec2 from) {
    return 1.25 * max(u_droop, 0.0) * (1.0 - u_twist * u_twist) + 0.55 * min(u_droop, 0.0) + 0.75 * u_spikiness * u_spikiness + 2.6 * u_twist * length(from);
}
vec2 turned(vec2 place, float angle) {
    float c = cos(angle), s = sin(angle);
    return CENTRE + mat2(c, -s, s, c) * (place - CENTRE);
}

void lay(inout Paint paint, vec2 uv, float size, vec2 way, int set, float from, float to, float lod) {
    // Who trembles paints with small, short strokes.
    size *= 1.0 - 0.30 * u_tremble;
    // Hairs that are finer than pixels are left out, and a stroke's sides are as soft as pixels are coarse.
    float wide_px = size * canvas_half().y * min(u_resolution.x, u_resolution.y);
    stroke_hairs = smoothstep(4.0, 14.0, wide_px);
    vec2 place = uv * vec2(1.3333, 1.0);
    Stroke s = strokes(turned(place, led(place - CENTRE)), size, way, set);
    vec2 middle = clamp(turned(s.middle, -led(s.middle - CENTRE)) * vec2(0.75, 1.0), 0.0, 1.0);
    float laid = (textureLod(u_feedback, middle, 0.0).r - from) / (to - from);
    if (laid <= 0.0) return;
    float wet = stroke_wet(s, laid, s.lot.x);
    wet *= mix(smoothstep(1.0, 1.0 - min(3.0 / wide_px, 0.8), abs(s.side)), 1.0, smoothstep(0.75, 1.0, laid));
    if (wet <= 0.0) return;
    vec3 colour = motif(middle, lod) * (0.93 + 0.14 * s.hair) * (0.95 + 0.10 * s.lot.y);
    paint.colour = mix(paint.colour, colour, wet);
    paint.cover = max(paint.cover, wet);
    // A stroke is higher at its sides and where it ends, and every hair draws a line.
    float high = 0.35 + 0.35 * s.side * s.side + 0.35 * s.hair + 0.2 * s.along;
    paint.thick = mix(paint.thick, high * sqrt(size * 14.0), wet);
}

// Paint that was too wet runs down in drops, each in a lane of its own.
void run(inout Paint paint, vec2 uv, float laid) {
    float wet = max(0.9 * u_droop, 0.8 * smoothstep(0.45, 0.9, u_turbulence) * (1.0 - u_spikiness)) * smoothstep(0.15, 0.5, laid);
    if (wet < 0.1) return;
    float lane = floor(uv.x * 34.0);
    vec4 lot = lots(int(lane) * 37 + 11);
    if (lot.x > 0.30 + 0.5 * wet) return;
    float start = 0.18 + 0.75 * lot.y, fell = (0.10 + 0.55 * lot.z * lot.z) * wet;
    float down = (start - uv.y) / fell;
    if (down < 0.0 || down > 1.0) return;
    float side = fract(uv.x * 34.0) - 0.5 - 0.22 * (lot.w - 0.5) - 0.05 * sin(uv.y * 40.0 + 9.0 * lot.w);
    // A thread that ends in a drop.
    float wide = mix(0.20, 0.10, down) + 0.14 * exp(-0.5 * pow((1.0 - down) * fell * 60.0 - 1.0, 2.0));
    float there = smoothstep(wide, 0.5 * wide, abs(side)) * smoothstep(0.0, 0.08, down);
    vec3 colour = motif(vec2((lane + 0.5) / 34.0, min(start + 0.04, 1.0)), 2.5);
    paint.colour = mix(paint.colour, colour * (0.85 + 0.5 * side), there * 0.9);
    paint.cover = max(paint.cover, there);
    paint.thick = mix(paint.thick, 0.75 - 2.0 * side * side, there);
}

// Primed linen, toned; on it a thin wash of the picture's colours over umber, ragged towards the edges, and its forms in charcoal.
vec3 underdrawing(vec2 uv, float drawn, float weave) {
    vec3 ground = mix(vec3(0.43, 0.335, 0.215), u_palette[2], 0.07) * (0.86 + 0.10 * weave + 0.10 * uv.y);
    float here = tone(uv);
    vec2 rise = vec2(here - tone(uv + vec2(0.008, 0.0)), here - tone(uv + vec2(0.0, 0.010)));
    float border = min(min(uv.x, 1.0 - uv.x), min(uv.y, 1.0 - uv.y) * 0.8);
    float rubbed = smoothstep(0.015, 0.09, border + 0.020 * sin(uv.x * 31.0 + uv.y * 23.0)) * drawn;
    vec3 umber = mix(vec3(0.060, 0.033, 0.018), ground * 1.30, smoothstep(0.20, 0.85, here));
    ground = mix(ground, mix(umber, motif(uv, 4.0) * (0.80 + 0.25 * weave), 0.72), 0.92 * rubbed);
    // Hatching in the shadows, where it can be seen.
    float line = smoothstep(0.035, 0.17, length(rise)), fine = smoothstep(0.5, 1.0, u_resolution.y * canvas_half().y / 480.0);
    if (fine > 0.0) {
        float hatch = 0.5 + 0.5 * sin(dot(uv * vec2(1.3333, 1.0), vec2(0.83, 0.56)) * 300.0 + 4.0 * sin(uv.y * 9.0));
        line += fine * 0.22 * smoothstep(0.45, 0.85, hatch) * smoothstep(0.48, 0.22, here);
    }
    float grain = 0.65 + 0.35 * hash_lattice(ivec3(uv * vec2(320.0, 240.0), 7));
    return ground * (1.0 - 0.62 * min(line, 1.0) * grain * drawn);
}

vec3 canvas(vec2 uv, vec2 at) {
    vec4 state = textureLod(u_feedback, uv, 0.0);
    // Threads that are finer than the picture's pixels are left out.
    float fine = smoothstep(0.90, 1.60, u_resolution.y * canvas_half().y / 480.0);
    float weave = 0.5;
    if (fine > 0.0) weave += 0.25 * (sin(uv.x * 826.0) + sin(uv.y * 620.0)) * fine;
    Paint paint = Paint(vec3(0.0), 1.0, 0.10 * weave);
    // What strokes will cover is not drawn.
    if (state.r < 0.93) paint = Paint(underdrawing(uv, smoothstep(0.0, 0.10, state.r), weave), 0.0, 0.10 * weave);
    else paint.colour = motif(uv, 2.0);
    // Under a hand that moves paint is there at once.
    float fresh = smoothstep(0.16, 0.42, state.b);
    if (fresh > 0.0) {
        paint.colour = mix(paint.colour, motif(uv, 3.0) * (0.85 + 0.3 * state.b), fresh);
        paint.cover = max(paint.cover, fresh);
    }
    if (state.r < 0.93) lay(paint, uv, 0.090, vec2(0.966, 0.259), 0, 0.08, 0.42, 5.0);
    if (state.r > 0.12) lay(paint, uv, 0.052, vec2(0.766, -0.643), 1, 0.26, 0.70, 3.5);
    if (state.r > 0.38) lay(paint, uv, 0.030, vec2(0.940, -0.342), 2, 0.50, 0.98, 2.0);
    float whole = smoothstep(0.60, 1.0, state.r) * 0.80 * paint.cover;
    if (whole > 0.0) paint.colour = mix(paint.colour, motif(uv, 0.0), whole);
    run(paint, uv, state.r);
    // Paint stands as high as its strokes and its lights.
    float height = (paint.thick * 0.55 + 0.5 * sqrt(dot(paint.colour, WEIGHTS)) + 0.35 * state.b) * mix(0.35, 1.0, paint.cover);
    // Where one stroke ends the step is steeper than pixels can show.
    vec2 slope = clamp(vec2(dFdx(height), dFdy(height)) * 0.0052 * u_resolution.y, -0.5, 0.5);
    vec3 n = normalize(vec3(-slope * 0.55 * u_impasto, 1.0));
    float lit = dot(n, KEY) / KEY.z;
    vec3 light = as_seen(clamp(paint.colour, 0.0, 1.0)) * mix(1.0, lit, 0.85);
    // Fresh paint is wet: it shines where it turns to the window.
    vec3 v = normalize(vec3(-at * 0.28, 1.0)), towards = normalize(vec3(-0.42, 0.40, 0.82));
    float wet = paint.cover * (0.16 + 0.84 * state.g);
    light += vec3(1.0, 0.96, 0.90) * ggx(n, v, towards, mix(0.62, 0.30, state.g), 0.05) * max(dot(n, towards), 0.0) * wet * 0.40 * u_light;
    // Where hands and heads are now the light is better.
    return light * (mix(1.0, 0.86, u_presence) + 0.40 * state.g * state.g);
}

float box(vec2 p, vec2 half_size) {
    vec2 d = abs(p) - half_size;
    return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}

// Sketches that hang on the wall, and the wall's place in them.
vec3 sketches(vec2 at, vec3 wall) {
    vec2 side = vec2(at.x - 1.41, at.y);
    vec2 half_size = at.y > 0.24 ? vec2(0.19, 0.14) : vec2(0.14, 0.17);
    vec2 from = side - (at.y > 0.24 ? vec2(0.0, 0.44) : vec2(-0.03, -0.02));
    float edge = box(from, half_size), shade = box(from - vec2(0.015, -0.02), half_size);
    if (shade > 0.08) return wall;
    wall *= 1.0 - 0.45 * smoothstep(0.06, -0.02, shade);
    float grey = tone(clamp(from / half_size * 0.44 + 0.5, 0.0, 1.0) * (at.y > 0.24 ? vec2(1.0) : vec2(0.55, 0.9)));
    vec3 sheet = mix(vec3(0.30, 0.25, 0.19), mix(vec3(0.05, 0.04, 0.035), vec3(0.27, 0.23, 0.18), smoothstep(0.12, 0.75, grey)), smoothstep(-0.015, -0.03, edge));
    return mix(wall, sheet * 0.36, smoothstep(0.008, -0.008, edge));
}

vec3 room(vec2 at, float lit) {
    vec2 half_size = canvas_half();
    float wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    float ground = CANVAS_MIDDLE.y - half_size.y - 0.12 - 0.30 * smoothstep(1.3, 1.0, wide);
    vec3 tint = mix(vec3(dot(u_palette[1], WEIGHTS)), u_palette[1], 0.45);
    vec3 mood = u_palette[2] / max(dot(u_palette[2], WEIGHTS), 0.10);
    vec3 wall = mix(vec3(0.050, 0.044, 0.038), mood * 0.036, 0.36) + tint * 0.16 + u_palette[0] * 0.3;
    // A window at the left throws its light over the wall, slanted.
    vec2 w = vec2(at.x + 0.42 * at.y + 1.02, at.y - 0.10);
    float pane = 0.0;
    if (max(abs(w.x) - 0.50, abs(w.y) - 0.84) < 0.0) {
        pane = smoothstep(0.16, -0.10, abs(w.x) - 0.34) * smoothstep(0.22, -0.12, abs(w.y) - 0.62);
        pane *= 1.0 - 0.55 * smoothstep(0.045, 0.0, abs(w.x) - 0.010) - 0.45 * smoothstep(0.05, 0.0, abs(w.y - 0.12) - 0.010);
    }
    vec2 centre = at - vec2(-0.25, 0.30);
    float pool = exp(-0.50 * dot(centre, centre));
    // The window brings the mood's light; from the far side a lamp answers in the counter colour.
    vec3 warm = mix(vec3(1.0, 0.90, 0.74), mood, 0.38);
    vec3 lamp = u_counter / max(dot(u_counter, WEIGHTS), 0.10) * exp(-0.9 * dot(at - vec2(2.0, -0.5), at - vec2(2.0, -0.5)));
    vec3 light = wall * (0.22 + 1.15 * pool) + warm * (0.012 * pool + 0.085 * pane) * lit + lamp * 0.018 * lit;
    if (at.y < ground) {
        // Boards that run towards the eye, waxed: what stands over them lies in them as a soft light.
        float under = ground - at.y, depth = 0.55 / (0.20 + under), board = at.x * depth * 2.4;
        float gap = mix(1.0, smoothstep(0.06, 0.0, abs(fract(board) - 0.5) - 0.46), smoothstep(0.0, 0.08, under)), tone = 0.75 + 0.5 * fract(sin(floor(board) * 12.9) * 43.7);
        light = (vec3(0.075, 0.050, 0.032) * tone + tint * 0.03) * (0.5 + 0.5 * gap) * (0.30 + 0.95 * pool);
        vec3 throws = motif(vec2(0.5 + 0.3 * at.x, 0.3), 6.0) * smoothstep(0.10, 0.75, textureLod(u_feedback, vec2(0.5), 0.0).r) * lit;
        float spread = at.x / (half_size.x * (0.9 + 0.8 * under));
        float gloss = exp(-1.6 * spread * spread - 4.0 * under) * smoothstep(0.0, 0.10, under);
        light += lamp * 0.032 * (0.5 + 0.5 * gap) * tone;
        light += mix(vec3(dot(throws, WEIGHTS)), throws, 0.6) * gloss * 0.13 * (0.5 + 0.5 * gap) * tone;
        light *= 1.0 - 0.55 * exp(-at.x * at.x / 0.5) * smoothstep(0.10, 0.0, under);
    } else {
        if (wide > 1.65 && at.x > 1.15) light = sketches(at, light);
        vec2 from = at - CANVAS_MIDDLE - vec2(0.05, -0.07);
        light *= 1.0 - 0.60 * smoothstep(0.26, -0.05, box(from, half_size));
        float skirting = at.y - ground;
        light *= skirting < 0.075 ? 0.62 + 0.5 * smoothstep(0.055, 0.075, skirting) : 1.0;
        light *= 0.45 + 0.55 * smoothstep(0.0, 0.05, skirting);
    }
    // The easel: a mast, two legs, and the ledge that the canvas stands on.
    float pixel = 2.0 / min(u_resolution.x, u_resolution.y), down = CANVAS_MIDDLE.y - half_size.y - at.y;
    vec3 wood = vec3(0.150, 0.092, 0.052) * (0.30 + 0.8 * pool) * (0.6 + 0.4 * lit);
    float lean = 0.44 * half_size.x + 0.24 * (down + 0.3);
    float legs = min(abs(abs(at.x) - lean) - 0.034, abs(at.x) - 0.030);
    float mast = max(abs(at.x) - 0.040, at.y - 1.2);
    float bars = at.y < ground - 0.11 ? 9.0 : (down > 0.0 ? legs : mast);
    float round_bar = 0.75 + 0.5 * smoothstep(0.02, -0.03, at.x > 0.0 ? at.x - lean : lean + at.x);
    light = mix(light, wood * (down > 0.0 ? 0.70 * round_bar : 1.0), smoothstep(pixel, -pixel, bars));
    vec2 from_ledge = at - vec2(0.0, CANVAS_MIDDLE.y - half_size.y - 0.030);
    float ledge = box(from_ledge, vec2(0.66 * half_size.x, 0.030));
    return mix(light, wood * (0.85 + 0.9 * smoothstep(0.004, 0.022, from_ledge.y)), smoothstep(pixel, -pixel, ledge));
}

void main() {
    vec2 at = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    float lit = mix(0.72, 1.0, u_presence) * (0.75 + 0.25 * min(u_light, 1.4)) + 0.12 * u_welcome;
    vec2 uv = canvas_uv(at);
    float edge = box(at - CANVAS_MIDDLE, canvas_half()), pixel = 2.0 / min(u_resolution.x, u_resolution.y);
    // Derivatives want every pixel of a block to go the same way.
    vec3 light;
    if (edge < 2.0 * pixel) {
        // The window's light falls off over the canvas.
        float falls = 0.80 + 0.26 * exp(-0.8 * dot(at - vec2(-0.5, 0.6), at - vec2(-0.5, 0.6)));
        light = canvas(clamp(uv, 0.0, 1.0), at) * falls * lit;
        // The cloth turns away round its bars, so that it ends softly however coarse the pixels are.
        light *= 0.45 + 0.55 * smoothstep(0.0, max(0.022, 3.0 * pixel), -edge);
        if (edge > -pixel) light = mix(light, room(at, lit), smoothstep(-pixel, pixel, edge));
    } else {
        light = room(at, lit);
    }
    f_colour = vec4(light * u_fade, u_fade);
}
