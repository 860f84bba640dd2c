#version 330 core
// A visitor as a mountain of many thin ridges, one before the other from the crown down: their face is in the lines that the ridges take.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/body/reframed.glsl"
#include "lib/body/face_worn.glsl"
#include "lib/body/face_relief.glsl"
#include "lib/body/posed_arm.glsl"
#include "lib/land/lay.glsl"
#include "lib/land/air.glsl"
#include "lib/noise/rough1.glsl"
#include "lib/land/outlines.glsl"
#include "lib/land/mountain.glsl"

in vec2 in_uv;  // x across in [-1, 1], y from the bottom of a ridge to its crest

out vec2 v_at;
out vec4 v_strip;  // across, below the crest [0, 1], how far it is there, how tall it is in pixels
out vec3 v_light;
out vec3 v_crest;
out vec3 v_mist;
out float v_run;  // how far water or slime runs down here
flat out vec4 v_first, v_last;

const float RIDGES = 44.0, SLEEVE = 7.0;

// Where the ridges lie: close on the head, wide apart on the slope. k: 0 to 1; gives heads below the crown.
float ridge_at(float k, float deep, float on_head) { return k < on_head ? 2.3 * k / on_head : 2.3 + (deep - 2.3) * (0.45 + 0.55 * (k - on_head) / (1.0 - on_head)) * (k - on_head) / (1.0 - on_head); }

void main() {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    float mood[7] = float[7](MOOD[0], MOOD[1], MOOD[2], MOOD[3], MOOD[4], MOOD[5], MOOD[6]);
    vec3 sun = sun_here();
    Mountain m = mountain(u_shape);
    // Arms first: they stand behind the body.
    float n = mod(float(gl_InstanceID) + RIDGES, RIDGES + 2.0 * SLEEVE), t = in_uv.x, H = m.size, px = 2.0 / min(u_resolution.x, u_resolution.y);
    // Fewer where they would be finer than the picture.
    float deep = (m.crown.y - m.foot) / H, on_head = clamp(3.0 / deep, 0.34, 0.66);
    float many = min(RIDGES, floor(max(12.0, 2.3 * H / (2.6 * px) / on_head))), k = (n + 0.15) / many, next = (n + 4.5) / many;
    bool is_arm = n >= RIDGES;
    if ((n >= many && !is_arm) || m.there < 0.02) {
        gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
        return;
    }
    float at_crest = ridge_at(k, deep, on_head), spacing = ridge_at(k + 1.0 / many, deep, on_head) - at_crest, at_foot = ridge_at(min(next, 1.15), deep, on_head);
    float d = mix(at_foot, at_crest, in_uv.y);
    // Each ridge is a small mountain: highest in its middle.
    float land = smoothstep(2.2, 4.6, at_crest), peak = 0.9 * (lot1(n, 3.0 + u_self[u_shape].x) - 0.5) * land;
    float arch = (t - peak) * (t - peak) * min(at_crest + 0.02, 0.55) * (1.0 + 1.3 * land + land * spacing);
    d += arch;
    vec2 at = mountain_at(m, t, d);
    // Shoulders slope as the visitor's do.
    vec4 left = u_joints[u_shape * JOINTS + LEFT_SHOULDER], right = u_joints[u_shape * JOINTS + RIGHT_SHOULDER];
    float across = right.x - left.x, slopes = clamp((right.y - left.y) * sign(across) / max(abs(across), 0.04), -0.45, 0.45) * smoothstep(0.1, 0.5, min(left.w, right.w));
    at.y += 0.8 * slopes * (at.x - m.middle.x) * smoothstep(1.5, 2.6, d) * smoothstep(5.5, 3.2, d);
    // The face.
    float side = sun.x > m.crown.x + 0.05 ? 1.0 : -1.0;
    vec2 looks = vec2(0.52, 0.40) * sin(u_turn[u_shape].xy) * u_seen[u_shape].y;
    vec2 f = (at - (m.crown - vec2(0.0, 1.06 * H))) / H;
    float s = sin(m.roll), c = cos(m.roll);
    f = vec2(c * f.x - s * f.y, s * f.x + c * f.y);
    vec2 q = (f - looks + vec2(0.0, 0.02)) / 0.92;
    float in_face = smoothstep(1.10, 0.75, length(q * vec2(1.28, 0.98))) * smoothstep(0.05, 0.12, H) * mix(0.55, 1.0, u_seen[u_shape].y);
    vec3 relief = vec3(0.0);
    float slope = 0.0;
    if (in_face > 0.01) {
        Face face = face_worn(u_shape, mood);
        // What a face does is drawn larger: ridges are few.
        face.mouth.y *= 1.0 - 0.9 * clamp(MOOD[SAD] + MOOD[ANGRY] + MOOD[FEAR] + MOOD[DISGUST], 0.0, 1.0);
        face.mouth.yz *= vec2(2.2, 1.7);
        face.brow *= 1.4;
        relief = face_relief(q, face);
        // How it rises towards the light is all that its shade needs.
        slope = (face_relief(q + vec2(0.0389 * side, 0.0314), face).x - relief.x) * in_face;
    }
    // Light as on a body, from the sun's side and a little from above.
    float wide = clamp(t, -1.0, 1.0);
    float round_it = mix(1.0, 0.75, smoothstep(1.8, 3.0, d));
    vec3 normal = normalize(vec3(round_it * wide, 0.35 * (1.2 - min(d, 2.4)), 0.85));
    // A head throws its shadow over the slope on the lee side, with an edge.
    float thrown = smoothstep(0.05, 0.20, -side * wide - 0.05) * smoothstep(2.0, 2.3, d) * smoothstep(4.6, 3.0, d + 0.8 * side * wide);
    float key = clamp(1.25 * dot(normal, normalize(vec3(0.80 * side, 0.42, 0.46))) - 6.4 * slope, 0.0, 1.25) * (1.0 - 0.65 * thrown), back = pow(abs(wide), 3.0);
    at.y += H * 0.42 * relief.x * in_face;
    // What the mood does to a ridge.
    float i = n + 7.0 * u_self[u_shape].x;
    at.y += H * MOOD[ANGRY] * (0.42 * spires(2.2 * t + 0.3 * i, i) * mix(0.25, 1.0, smoothstep(0.45, 1.0, abs(t)) + smoothstep(0.8, 0.0, d)) - 0.06) * in_uv.y * (1.0 - 0.8 * in_face);
    at.y -= H * MOOD[DISGUST] * 0.26 * (1.0 - lumps(2.6 * t + i, i)) * in_uv.y * (1.0 - 0.6 * in_face);
    at.y -= H * MOOD[SAD] * 0.30 * abs(t) * abs(t) * smoothstep(1.5, 3.0, d);
    at.y += H * max(1.0, 1.1 * spacing) * mix(0.05, 0.36, land) * (rough1(2.2 * t + 2.0 * i, i) - 0.5) * mix(0.35, 1.0, in_uv.y) * (1.0 - 0.7 * in_face) * (1.0 - t * t);
    at.x += H * 0.012 * u_tremble * sin(23.0 * u_phase + 5.0 * n);
    float tall = at_foot - at_crest;
    if (is_arm) {
        Reframed r = reframed(u_shape);
        int side = n < RIDGES + SLEEVE ? 0 : 1;
        float j = mod(n - RIDGES, SLEEVE) / SLEEVE, along = (1.0 - j) * (1.0 - t * t * t * t);
        along = max(along - (1.0 - in_uv.y) * 2.2 / SLEEVE, 0.0);
        vec4 shoulder = reframed_joint(r, u_shape, LEFT_SHOULDER + side), elbow, wrist;
        posed_arm(r, u_shape, mood, side, shoulder, reframed_joint(r, u_shape, RIGHT_SHOULDER - side), elbow, wrist);
        float seen = min(smoothstep(0.15, 0.6, elbow.w), smoothstep(0.1, 0.5, wrist.w));
        vec2 a = m.to + m.by * (shoulder.xy - m.from) - vec2(0.0, 0.25 * H), b = m.to + m.by * (elbow.xy - m.from), e = m.to + m.by * (wrist.xy - m.from);
        // It grows out of the slope, from well inside it.
        a = mix(a, m.middle - vec2(0.0, 0.55 * H), 0.60);
        e += 0.12 * (e - b);
        // One bend: a slope has no elbow.
        b = mix(b, 2.0 * b - 0.5 * (a + e), 0.25);
        vec2 p = mix(mix(a, b, along), mix(b, e, along), along), way = normalize(mix(b - a, e - b, along) + 1e-4);
        float thick = H * mix(0.70, 0.20, smoothstep(0.0, 0.75, along)) * sqrt(max(1.0 - pow(along, 4.0), 0.0));
        vec2 aside = vec2(way.y, -way.x) * thick * t;
        // Cloth hangs from it.
        aside.y *= aside.y < 0.0 ? 1.0 + 2.6 * along * (1.0 - along) * (1.0 - along) : 1.0;
        at = p + aside;
        // Light falls on its upper side.
        key = clamp(0.50 - 0.60 * t * clamp(3.0 * way.x, -1.0, 1.0), 0.08, 1.1);
        wide = 0.0;
        back = 0.0;
        slope = 0.0;
        // What hangs is of the mountain; what is lifted stands out of it.
        float lifted = smoothstep(-0.2, 0.9, (e.y - a.y) / H + 0.22 * abs(e.x - a.x) / H);
        // Towards the hand it is lost in the mist.
        m.there *= (0.04 + 0.96 * smoothstep(0.72, 0.12, along)) * seen * lifted * (1.0 - 0.9 * r.bust) * (1.0 - MOOD[FEAR]) * (1.0 - MOOD[SAD]);
        k = 0.0;
        tall = 0.30;
    }
    v_at = at;
    float tear = (abs(q.x) - 0.34) / 0.07;
    v_run = (MOOD[SAD] + MOOD[DISGUST]) * max((1.0 - in_face) * smoothstep(1.7, 2.6, d), in_face * MOOD[SAD] * exp(-tear * tear) * smoothstep(0.05, -0.10, q.y));
    float ends = smoothstep(1.05, 0.62, k);
    v_strip = vec4(t, 1.0 - in_uv.y, smoothstep(0.05, 0.5, m.there) * ends, tall * H / px);
    vec3 around = air(at, sun), low = air(vec2(at.x, SHORE + 0.10), sun);
    vec3 tone = mix(u_own_palette[u_shape * 4 + 2], u_own_palette[u_shape * 4 + 3], 0.35);
    tone = mix(tone, u_palette[2] + 0.25 * u_palette[3], 0.55 * MOOD[ANGRY]);
    vec3 dark = u_palette[0] * 0.8 + u_palette[1] * 0.20;
    if (u_picture_strength > 0.0) {
        vec3 paint = painted_light(vec2(at.x, 0.2 * at.y - 0.1));
        tone = mix(tone, paint + 0.1, 0.6 * u_picture_strength);
        dark = mix(dark, paint * 0.10, 0.6 * u_picture_strength);
    }
    float lit = key * key * (1.0 - 0.85 * relief.y * in_face), shade = (1.0 - clamp(key, 0.0, 1.0)) * (1.0 - MOOD[FEAR]);
    // Shade is of the sky's colour.
    vec3 cool = mix(dark, mix(u_palette[1], u_counter, 0.5 - 0.5 * (MOOD[SAD] + MOOD[ANGRY])) * 0.22, 0.55);
    v_light = mix(dark, cool, shade) + tone * lit * (0.95 + 1.0 * MOOD[HAPPY]) * (0.5 + 0.5 * u_light);
    v_crest = tone * (0.10 + (1.9 + 0.9 * MOOD[HAPPY]) * lit) * (0.6 + 0.4 * u_light) + mix(u_palette[3], u_counter, 0.5) * back * 0.35 + u_palette[3] * (1.3 * relief.z * in_face + 0.5 * u_welcome);
    v_crest += MOOD[ANGRY] * u_palette[3] * 0.35;
    // The strip of light that is left lies along one side.
    float lee = max(side * wide, 0.0);
    v_crest += MOOD[FEAR] * mix(u_counter, u_palette[3], 0.6) * (0.12 + 1.6 * lee * lee) * (1.0 - 0.6 * relief.y * in_face);
    v_light += MOOD[FEAR] * mix(u_counter, u_palette[2], 0.6) * 0.16 * lee * lee;
    float sunk = mix(0.80, 0.35, MOOD[HAPPY] + MOOD[SURPRISE] + MOOD[FEAR]) * smoothstep(0.50, 1.0, k);
    float drawn = 1.0 - 0.55 * relief.y * in_face;
    v_light = mix(v_light * drawn, low * 0.8, sunk);
    v_crest *= (1.0 - 0.75 * sunk) * drawn;
    v_mist = mix(mix(dark, cool, shade) * 0.7 + 0.12 * low + 0.22 * v_light, low, smoothstep(0.62, 1.0, k) * (1.0 - 0.6 * (MOOD[HAPPY] + MOOD[SURPRISE] + MOOD[FEAR]))) * (1.0 - 0.7 * in_face * relief.y);
    gl_Position = land_clip(at);
}
