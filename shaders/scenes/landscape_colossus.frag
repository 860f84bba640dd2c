#version 330 core
// The visitor as a mountain: a hooded slope that erosion has laid in folds, a face felt under them, the low sun along its edge, mist at its foot.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/sdf/smooth_union.glsl"
#include "lib/form/moods.glsl"
#include "lib/land/ground.glsl"
#include "lib/land/air.glsl"
#include "lib/noise/hash.glsl"
#include "lib/sdf/along_segment.glsl"
#include "lib/land/colossus.glsl"
#include "lib/body/face_worn.glsl"
#include "lib/body/veiled_face.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/noise/lots.glsl"
#include "lib/picture/strokes.glsl"
#include "lib/picture/picture.glsl"
#include "lib/land/painted_land.glsl"

in vec2 v_at;
flat in vec4 v_first, v_last;
flat in vec3 v_sun;
flat in vec4 v_stands;
flat in float v_scale;
out vec4 f_colour;

// Folds that run down the slope: x their height [-1, 1], y how it changes across.
vec2 folds(float x, float down, float seed) {
    float sharp = MOOD[ANGRY], a = 7.0 * x + 1.1 * sin(0.9 * down + seed) + 0.5 * x * x * x, b = 15.0 * x - 0.9 * sin(0.7 * down + 2.0 * x) + 2.0 * seed;
    float c = 31.0 * x + 0.8 * sin(1.3 * down + 3.0 * x);
    vec2 soft = vec2(0.55 * sin(a) + 0.30 * sin(b) + 0.15 * sin(c), 3.8 * cos(a) + 4.5 * cos(b) + 4.0 * cos(c) * (0.3 + 0.7 * MOOD[SAD]));
    float e = fract(1.6 * x + 0.42 * down + 0.3 * sin(2.0 * down)) - 0.5, g = fract(3.1 * x - 0.9 * down) - 0.5;
    return mix(soft, vec2(1.4 * abs(e) + 0.9 * abs(g) - 0.6, 5.5 * sign(e) + 5.0 * sign(g)), sharp);
}

void main() {
    moods_are(v_first, v_last);
    SUN = v_sun;
    Colossus it = colossus(v_at, v_stands.xy, v_stands.zw, v_scale);
    float size = it.size, seed = 6.0 * u_self[u_shape].x, here = u_place[u_shape].w;
    if (it.form > 0.5 * size) discard;
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, v_at * vec2(0.85, 0.60) + 0.37 * u_self[u_shape].x);
    float grey = dot(picture, vec3(0.3333));
    // Rock breaks the outline; haze softens it, the more the lower.
    vec2 fold = folds(it.across, it.down, seed);
    float form = it.form + (0.30 * (grey - 0.45) + 0.05 * fold.x) * (0.6 + 0.5 * u_spikiness) * min(size, 0.20) * smoothstep(0.4, 2.0, it.down);
    float pixel = max(fwidth(form), 1e-4) + 0.035 * size * (1.0 - MOOD[ANGRY]);
    float cover = smoothstep(pixel, -pixel, form) * smoothstep(0.0, 0.4, here), foot = HORIZON - GROUND_EYE * LENS / 2.6;
    cover *= smoothstep(foot - 0.08, foot + 0.20, v_at.y);
    if (cover < 0.01) discard;
    // The slope's own round, and its folds.
    float x = clamp(it.across, -1.0, 1.0), face_here = u_seen[u_shape].y * smoothstep(0.07, 0.15, size), r = length(it.face * vec2(1.0 / 0.80, 1.0));
    float clot = MOOD[DISGUST] * sin(9.0 * x + 2.0 * sin(2.7 * it.down + seed)) * cos(4.1 * it.down + 2.0 * x);
    float in_face = face_here * smoothstep(1.10, 0.82, r), deep = mix(0.10, 0.16, MOOD[SAD]) * (1.0 - 0.9 * in_face) * smoothstep(-1.4, 0.6, it.down);
    vec3 n = vec3(0.95 * x - deep * fold.y * 0.75 + 0.5 * clot, 0.28 + 0.75 * smoothstep(0.2, -1.0, it.down) + 0.6 * clot, sqrt(1.0 - x * x) + 0.25);
    // Terraces in a level land; rings from the face where it is struck.
    n.y += (0.45 * MOOD[NEUTRAL] * sin(7.0 * it.down + 1.5 * fold.x) + 0.8 * MOOD[SURPRISE] * sin(13.0 * r - 2.0 * u_phase) * exp(-0.35 * r)) * (1.0 - in_face);
    float cleft = 0.0;
    if (in_face > 0.01) {
        float mood[7];
        for (int m = 0; m < 7; m++) mood[m] = MOOD[m];
        Face worn_face = face_worn(u_shape, mood);
        // Who weeps or bares their teeth may seem to smile.
        worn_face.mouth.y *= 1.0 - 0.85 * clamp(MOOD[SAD] + MOOD[ANGRY] + MOOD[FEAR] + MOOD[DISGUST], 0.0, 1.0);
        vec2 f = it.face, h = veiled_face(f, worn_face);
        vec2 slope = vec2(veiled_face(f + vec2(0.06, 0.0), worn_face).x, veiled_face(f + vec2(0.0, 0.06), worn_face).x) - h.x;
        float oval = sqrt(max(1.05 - r * r, 0.0));
        // Cloth lies over it, in folds that come down from the brow.
        float over = 0.045 * fold.y * smoothstep(0.0, 0.8, abs(f.x)) + 0.02 * fold.y;
        n = normalize(mix(n, vec3(f.x * 1.15 - 15.0 * slope.x - over, 0.50 * f.y - 15.0 * slope.y + 0.05, oval + 0.40), in_face));
        cleft = h.y * in_face;
    }
    n = normalize(n);
    // The hood's lip stands before the face, and throws its shadow on it.
    float open = smoothstep(-1.1, 0.2, it.face.y), lip = face_here * open * exp(-pow((r - 1.08) / 0.10, 2.0));
    float shade = 1.0 - face_here * open * (0.42 * smoothstep(0.66, 1.0, r) * smoothstep(1.14, 1.0, r) + 0.30 * smoothstep(0.2, 0.9, it.face.y) * in_face);
    float facing = max(dot(n, normalize(vec3(-0.60, 0.62, 0.50))), 0.0), behind = max(dot(n, normalize(vec3(0.85, 0.10, 0.25))), 0.0);
    float hollow = (1.0 - 0.50 * cleft) * shade * (0.80 + 0.20 * fold.x * (1.0 - in_face));
    vec3 sun = sun_direction(), light = vec3(0.0), mist = vec3(0.0);
    float inward = max(-form, 0.0) / size, side = smoothstep(-0.9, 0.5, x * sign(sun.x * LENS - v_at.x + 1e-4) + 0.5 * smoothstep(0.6, -1.0, it.down));
    float edge = (exp(-inward * 9.0) * (0.25 + 0.75 * side) + 0.30 * lip * facing) * smoothstep(4.5, 1.0, it.down);
#ifndef WHOLE_PICTURE
    vec3 albedo = dress(picture, 0.16 + 0.30 * facing + 0.10 * grey);
    light = albedo * (0.10 + 0.16 * u_fill + 1.05 * u_light * facing * facing) * 0.60 * hollow;
    light += u_counter * 0.13 * behind * behind * (1.0 - 0.6 * in_face) * hollow + mix(u_palette[2], u_palette[3], 0.7) * edge * 0.75 * u_light;
    light = own_tint(light, picture);
    mist = air(normalize(vec3(v_at.x * 0.6, 0.02, 1.0))) * 0.7;
#endif
#ifndef NO_PICTURE
    vec3 own = painted_soft(vec2(v_at.x, HORIZON - 0.16), 3.0), over = painted_soft(vec2(v_at.x, HORIZON + 0.4), 5.0);
    // Laid in strokes that run down the slope, finer on the face.
    float grain = mix(0.11, 0.07, in_face);
    stroke_hairs = smoothstep(3.0, 9.0, grain * size * 0.5 * min(u_resolution.x, u_resolution.y));
    Stroke s = strokes(vec2(it.across * it.wide / size, it.down), grain, normalize(vec2(0.45 * x + 0.05 * fold.y, 1.0)), 1);
    own *= 0.72 + 0.50 * mix(s.lot.y, 0.5, 0.5 * in_face) + 0.28 * (s.hair - 0.5);
    over *= 0.80 + 0.40 * s.lot.z;
    vec3 painted = own * 0.22 + (mix(own, over, 0.25 + 0.35 * s.lot.x) + 0.10 * u_palette[3]) * 1.10 * facing * facing;
    painted += u_counter * 0.09 * behind * behind * (1.0 - 0.6 * in_face);
    painted = painted * hollow + (over + 0.45 * u_palette[3]) * edge * 0.70;
    light = mix(light, painted, u_picture_strength);
    mist = mix(mist, painted_soft(vec2(v_at.x, HORIZON), 3.0), u_picture_strength);
#endif
    light *= 1.0 - 0.55 * MOOD[ANGRY] + 0.20 * MOOD[HAPPY];
    // Grief runs down the folds as water.
    float run = fract(0.35 * it.down - 0.22 * u_phase + 3.0 * hash11(floor(15.0 * x + 40.0))), thread = smoothstep(0.42, 0.08, abs(fract(15.0 * x + 40.0) - 0.5));
    thread *= run * run * smoothstep(1.0, 0.9, run) * (1.0 - 0.75 * in_face) * smoothstep(-1.0, 0.4, it.down);
    light += MOOD[SAD] * (u_palette[3] * 0.8 + 0.12) * thread * 0.5 * u_light;
    // Rage glows in the clefts.
    light += MOOD[ANGRY] * u_palette[3] * (cleft + 0.6 * smoothstep(-0.30, -0.55, fold.x) * (1.0 - in_face)) * 0.55;
    light = mix(mist, light, mix(0.10, 1.0, smoothstep(foot - 0.02, foot + 0.46, v_at.y)) * (1.0 - 0.30 * u_fog));
    light += u_palette[3] * u_welcome * 0.25 * edge;
    f_colour = vec4(light, 1.0) * cover * u_fade;
}
