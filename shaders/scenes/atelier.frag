#version 330 core
// The atelier: a large canvas on an easel in a dim room. atelier_feedback.frag remembers how much paint is where; here each stroke
// asks at its own middle whether it has been laid, and of what colour: large ones first, then finer ones, then the picture itself.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
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
uniform float u_impasto;
in vec2 v_uv;
out vec4 f_colour;
const vec3 WEIGHTS = vec3(0.2126, 0.7152, 0.0722);

// What is to be painted: the composed picture, and while there is none the worn one in the palette.
vec3 motif(vec2 uv, float lod) {
    vec3 light = vec3(0.0);
#ifndef WHOLE_PICTURE
    light = dress(textureLod(u_texture, uv * vec2(0.8, 0.6), lod).rgb, 0.16 + 0.5 * uv.y);
#endif
#ifndef NO_PICTURE
    light = mix(light, lod > 0.5 ? picture_soft(uv, lod) : picture(uv), u_picture_strength);
#endif
    return light;
}

// How light it is, softly: what is drawn before anything is painted.
float tone(vec2 uv) {
#ifdef NO_PICTURE
    return sqrt(dot(textureLod(u_texture, uv * vec2(0.8, 0.6), 3.0).rgb, WEIGHTS));
#else
    return sqrt(dot(picture_soft(uv, 2.0), WEIGHTS));
#endif
}

struct Paint { vec3 colour; float cover, thick; };

void lay(inout Paint paint, vec2 uv, float size, vec2 way, int set, float from, float to, float lod) {
    Stroke s = strokes(uv * vec2(1.3333, 1.0), size, way, set);
    vec2 middle = clamp(s.middle * vec2(0.75, 1.0), 0.0, 1.0);
    float laid = (textureLod(u_feedback, middle, 0.0).r - from) / (to - from);
    if (laid <= 0.0) return;
    float wet = stroke_wet(s, laid, s.lot.x);
    if (wet <= 0.0) return;
    vec3 colour = motif(middle, lod) * (0.93 + 0.14 * s.hair) * (0.95 + 0.10 * s.lot.y);
    paint.colour = mix(paint.colour, colour, wet);
    paint.cover = max(paint.cover, wet);
    // A stroke is higher at its sides and where it ends, and every hair draws a line.
    float high = 0.35 + 0.35 * s.side * s.side + 0.35 * s.hair + 0.2 * s.along;
    paint.thick = mix(paint.thick, high * sqrt(size * 14.0), wet);
}

vec3 canvas(vec2 uv, vec2 at) {
    vec4 state = textureLod(u_feedback, uv, 0.0);
    // Primed linen under a thin wash of the mood's colours, and on it the drawing.
    // Threads that are finer than the picture's pixels are left out.
    float fine = smoothstep(0.20, 0.45, u_resolution.y * CANVAS_HALF.y / 480.0);
    vec2 thread = uv * vec2(1.3333, 1.0) * 620.0;
    float weave = 0.5 + 0.25 * (sin(thread.x) + sin(thread.y)) * fine;
    vec3 wash = mix(vec3(0.46, 0.40, 0.32), mix(u_palette[1], u_palette[2], 0.6) + 0.05, 0.34 + 0.10 * sin(3.0 * uv.x + 2.0 * uv.y + 1.0));
    Paint paint = Paint(wash * (0.78 + 0.20 * weave), 0.0, 0.16 * weave);
    float here = tone(uv), across = abs(here - tone(uv + vec2(0.009, 0.0))), along = abs(here - tone(uv + vec2(0.0, 0.012)));
    float grain = 0.55 + 0.45 * hash_lattice(ivec3(uv * vec2(320.0, 240.0), 7));
    float line = smoothstep(0.05, 0.20, across + along) * grain;
    paint.colour *= 1.0 - 0.58 * line * smoothstep(0.0, 0.14, state.r);
    // Strokes run along the picture's own forms.
    // What finer strokes will cover is not drawn.
    if (state.r < 0.93) lay(paint, uv, 0.090, vec2(0.966, 0.259), 0, 0.08, 0.42, 5.0);
    if (state.r > 0.12) lay(paint, uv, 0.052, vec2(0.766, -0.643), 1, 0.26, 0.70, 3.5);
    if (state.r > 0.38) lay(paint, uv, 0.030, vec2(0.940, -0.342), 2, 0.50, 0.98, 2.0);
    float whole = smoothstep(0.60, 1.0, state.r) * 0.80 * paint.cover;
    if (whole > 0.0) paint.colour = mix(paint.colour, motif(uv, 0.0), whole);
    // Paint stands as high as its strokes and its lights.
    float height = (paint.thick * 0.55 + 0.5 * sqrt(dot(paint.colour, WEIGHTS)) + 0.35 * state.b) * mix(0.35, 1.0, paint.cover);
    // Where one stroke ends the step is steeper than pixels can show.
    vec2 slope = clamp(vec2(dFdx(height), dFdy(height)) * 0.0052 * u_resolution.y, -0.8, 0.8);
    vec3 n = normalize(vec3(-slope * 0.55 * u_impasto, 1.0));
    float lit = dot(n, KEY) / KEY.z;
    vec3 light = as_seen(clamp(paint.colour, 0.0, 1.0)) * mix(1.0, lit, 0.85);
    // Fresh paint is wet: it shines where it turns to the window.
    vec3 v = normalize(vec3(-at * 0.28, 1.0)), towards = normalize(vec3(-0.42, 0.40, 0.82));
    float wet = paint.cover * (0.16 + 0.84 * state.g);
    light += vec3(1.0, 0.96, 0.90) * ggx(n, v, towards, mix(0.62, 0.30, state.g), 0.05) * max(dot(n, towards), 0.0) * wet * 0.55 * u_light;
    return light;
}

float box(vec2 p, vec2 half_size) {
    vec2 d = abs(p) - half_size;
    return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}

vec3 room(vec2 at, float lit) {
    const float FLOOR = -0.78;
    vec3 tint = mix(vec3(dot(u_palette[1], WEIGHTS)), u_palette[1], 0.75);
    vec3 wall = vec3(0.030, 0.027, 0.025) + tint * 0.22 + u_palette[0] * 0.6;
    // A window at the left throws its light over the wall, slanted.
    vec2 w = vec2(at.x + 0.42 * at.y + 0.62, at.y - 0.42);
    float pane = smoothstep(0.30, 0.0, abs(w.x) - 0.52) * smoothstep(0.5, 0.0, abs(w.y) - 0.45) * (1.0 - 0.35 * smoothstep(0.05, 0.0, abs(w.x) - 0.012));
    float pool = exp(-0.55 * dot(at - vec2(-0.25, 0.35), at - vec2(-0.25, 0.35)));
    vec3 warm = mix(vec3(1.0, 0.93, 0.82), u_palette[3] / max(dot(u_palette[3], WEIGHTS), 0.15), 0.35);
    vec3 light = wall * (0.20 + 1.3 * pool) + warm * (0.020 * pool + 0.032 * pane) * lit;
    vec2 from = at - CANVAS_MIDDLE - vec2(0.07, -0.09);
    light *= 1.0 - 0.72 * smoothstep(0.34, -0.05, box(from, CANVAS_HALF));
    if (at.y < FLOOR) {
        // Boards that run towards the eye; they mirror the canvas, dimly.
        float depth = 0.55 / (0.20 + FLOOR - at.y), board = at.x * depth * 2.4;
        float gap = smoothstep(0.06, 0.0, abs(fract(board) - 0.5) - 0.46) , tone = 0.7 + 0.6 * fract(sin(floor(board) * 12.9) * 43.7);
        vec2 mirrored = canvas_uv(vec2(at.x * 1.02, 2.0 * FLOOR - at.y + 0.25));
        float inside = smoothstep(0.12, -0.02, box(mirrored - 0.5, vec2(0.5)));
        float paint = textureLod(u_feedback, clamp(mirrored, 0.0, 1.0), 0.0).r;
        vec3 shine = mix(vec3(0.20, 0.18, 0.15), motif(clamp(mirrored, 0.0, 1.0), 4.5), smoothstep(0.1, 0.6, paint));
        light = mix(light * 0.8, vec3(0.034, 0.026, 0.020) * tone + tint * 0.05, 0.8) * (0.35 + 0.65 * gap) * (0.5 + 0.9 * pool);
        light += shine * inside * 0.34 * (0.6 + 0.4 * gap) * exp(-2.6 * (FLOOR - at.y)) * lit;
    } else {
        light *= 0.55 + 0.45 * smoothstep(FLOOR, FLOOR + 0.22, at.y);
        light = mix(light, vec3(0.018, 0.015, 0.013), 0.6 * smoothstep(0.02, 0.0, abs(at.y - FLOOR - 0.02) - 0.02));
    }
    // The easel: a mast, two legs, and the ledge that the canvas stands on.
    vec3 wood = vec3(0.105, 0.064, 0.036) * (0.25 + 0.9 * pool) * (0.6 + 0.4 * lit);
    float down = CANVAS_MIDDLE.y - CANVAS_HALF.y - at.y, lean = 0.46 + 0.20 * (down + 0.3);
    float legs = min(abs(abs(at.x) - lean) - 0.026, down < 0.0 ? 9.0 : abs(at.x) - 0.030);
    float mast = max(abs(at.x) - 0.030, at.y - 1.2);
    float bars = at.y < FLOOR - 0.13 ? 9.0 : (down > 0.0 ? legs : mast);
    light = mix(light, wood, smoothstep(0.006, -0.006, bars));
    float ledge = box(at - vec2(0.0, CANVAS_MIDDLE.y - CANVAS_HALF.y - 0.022), vec2(0.62, 0.020));
    return mix(light, wood * (1.3 + 0.9 * smoothstep(0.012, 0.02, at.y - (CANVAS_MIDDLE.y - CANVAS_HALF.y - 0.022))), smoothstep(0.006, -0.004, ledge));
}

void main() {
    vec2 at = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    float lit = mix(0.62, 1.0, u_presence) * (0.75 + 0.25 * min(u_light, 1.4)) + 0.12 * u_welcome;
    vec2 uv = canvas_uv(at);
    float edge = box(at - CANVAS_MIDDLE, CANVAS_HALF), pixel = 2.0 / min(u_resolution.x, u_resolution.y);
    // Derivatives want every pixel of a block to go the same way.
    vec3 light;
    if (edge < 2.0 * pixel) {
        // The window's light falls off over the canvas.
        float falls = 0.80 + 0.28 * exp(-0.8 * dot(at - vec2(-0.5, 0.6), at - vec2(-0.5, 0.6)));
        light = canvas(clamp(uv, 0.0, 1.0), at) * falls * lit;
        light *= 0.80 + 0.20 * smoothstep(0.0, 0.02, -edge);
        if (edge > -pixel) light = mix(light, room(at, lit), smoothstep(-pixel, pixel, edge));
    } else {
        light = room(at, lit);
    }
    f_colour = vec4(light * u_fade, u_fade);
}
