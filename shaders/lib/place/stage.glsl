// place_stage: the room that is a stage: cloth in folds, a lamp on it, boards, and the shadows of whoever stands before it. Needs lib/frame,
// noise/swell3, place/mood, floor, ridge, hung, contact_shadow, dust, visitors. at: scene units, y up; lot: three numbers of the room, [0, 1). Range: linear RGB, [0, inf).
// Idea: velvet is bright where it turns away from the eye and black in its valleys; a lamp from the side draws the folds, a shadow on them gives weight.
#include "lib/place/curtain.glsl"
// stage_shadow: what of the lamp reaches the cloth past the masks, [0, 1]; who hides has a huge one, with eyes.
float stage_shadow(vec2 at, PlaceMood m) {
    float open = 1.0, size = mix(0.84, 1.26, m.hide), soft = mix(0.16, 0.12, m.hide);
    vec2 way = mix(vec2(0.66, -0.10), vec2(-0.98, 0.24), m.hide);
    for (int i = 0; i < u_people; i++) {
        vec2 d = (at - vec2(0.95 * u_place[i].x, 0.6 * u_place[i].y + 0.04) - way * u_place[i].z) / (size * u_place[i].z * vec2(0.70, 0.92));
        d.x = d.x / (0.92 + 0.20 * d.y) + 0.16 * m.hide * d.y;
        // Its hair stands on end; light falls through its eyes and its mouth.
        float far = length(d) - m.hide * 0.22 * max(d.y, 0.0) * crag1(3.1 * d.x / (0.4 + abs(d.y)));
        vec2 eye = vec2(abs(d.x) - 0.42, d.y - 0.14) * mat2(1.0, -0.55, 0.0, 1.0), grin = vec2(d.x, d.y + 0.50 - 0.42 * d.x * d.x + 0.10 * abs(fract(4.0 * d.x) - 0.5));
        float hole = max(smoothstep(1.3, 0.7, length(eye / vec2(0.27, 0.135))), smoothstep(1.3, 0.7, length(grin / vec2(0.46, 0.095))));
        open *= 1.0 - mix(0.80, 0.93, m.hide) * (1.0 - m.open) * u_place[i].w * smoothstep(1.0 + soft, 1.0 - soft, far) * (1.0 - 0.8 * m.hide * hole);
    }
    return open;
}
// stage_behind: what is seen where the cloth is not: gold in joy, fire in anger, one cold light in fear, a sick one in disgust.
vec3 stage_behind(vec2 from, float v, PlaceMood m, vec3 lot) {
    vec3 body = u_palette[2], tip = u_palette[3];
    float away = dot(from, from), turn = atan(from.x, from.y + 0.35 * max(-from.y, 0.0) + 0.02), flow = swell3(vec3(2.1 * from.x + 4.0 * lot.x, 1.5 * v - 0.9 * u_phase * m.hard, 0.3 * u_phase));
    vec3 light = u_palette[1] * 0.3;
    // A painted sun: wedges of light that widen from where it rises.
    float wedge = smoothstep(-0.45, 0.45, wave1(9.0 * turn + 1.0 + 0.03 * u_phase)), disc = smoothstep(0.06, -0.06, sqrt(away) - 0.42);
    light += m.open * mix(body * vec3(0.72, 0.55, 0.5), mix(body, tip, 0.35), max(wedge * 0.65, disc)) * (0.15 + 0.30 * exp(-0.8 * away) + 0.30 * disc);
    float tongue = v * (1.25 + 0.7 * flow) + 0.25 * crag1(3.1 * from.x + 0.5 * flow + 0.4 * u_phase);
    light += m.hard * (mix(body, tip, smoothstep(0.9, 0.0, tongue)) * 1.7 * exp(-1.9 * max(tongue, 0.0)) + body * 0.05);
    light += m.hide * u_counter * 1.5 * exp(-0.7 * v);
    light += m.murk * mix(body, tip, 0.25) * (0.16 + 1.1 * exp(-1.6 * dot(from + vec2(0.75, 0.12), from + vec2(0.75, 0.12)))) * (0.75 + 0.45 * flow);
    return light;
}
vec3 place_stage(vec2 at, PlaceMood m, vec3 lot) {
    vec2 half_ = u_resolution / min(u_resolution.x, u_resolution.y);
    float wide = half_.x, horizon = place_horizon_y(), hem = horizon - 0.07, under = max(hem - at.y, 0.0), wet = place_wet(), below = smoothstep(-0.012, 0.012, hem - at.y);
    vec3 body = u_palette[2], tip = u_palette[3], deep = u_palette[1];
    // Boards, and what they mirror.
    vec2 ground = place_ground(vec2(at.x, min(at.y, hem)));
    float board = abs(fract(2.6 * ground.x + 0.5) - 0.5), seam = smoothstep(0.06 + 0.16 * ground.y, 0.0, board) * smoothstep(1.9, 0.5, ground.y), plank = 0.5 + 0.5 * wave1(7.0 * floor(2.6 * ground.x + 0.5));
    vec2 seen = vec2(at.x + 0.03 * wave1(9.0 * ground.y) * below * wet, at.y < hem ? hem + under * mix(1.0, 1.25, wet) : at.y);
    float v = seen.y - hem, head = half_.y - hem, focus = 0.85 * place_focus_x();
    // The middle of the stage: off the picture's own, at the gap in fear, on the other side than whoever is there.
    float middle = (m.open * mix(-0.12, 0.12, lot.x) + m.hard * mix(0.05, 0.22, lot.x) + m.hide * mix(0.42, 0.56, lot.x)) * wide;
    Cloth cloth = place_curtain(seen.x - middle, v, head, wide, m, lot);
    float crease = swell3(vec3(3.0 * seen.x, 1.1 * seen.y, 3.0 * lot.z + 0.05 * u_phase)), f = 4.0 * (cloth.fold + 0.10 * crease);
    float fine = 0.30 * (1.0 - m.open) * (1.0 - 0.6 * m.hard), high = (1.0 - fine) * wave1(f) + fine * wave1(2.3 * f + 1.7 * crease), slope = (1.0 - fine) * wave1(f + 1.0) + fine * wave1(2.3 * f + 1.0 + 1.7 * crease), from_left = mix(1.0, -1.0, m.hide);
    // Light: the lamp's pool, low at the sides; each kind of place has its own.
    vec2 off = vec2(seen.x - mix(focus - 0.10 + 0.25 * m.calm, focus - 0.70, m.hide), seen.y - 0.08) / vec2(0.62 + 0.75 * m.calm + 0.25 * m.weep + 0.35 * m.burst + 0.55 * m.hide, 0.62 + 0.35 * m.calm + 0.25 * m.hide);
    float pool = exp(-dot(off, off)), shadow = stage_shadow(seen, m);
    float dim = 0.15 * m.calm + 0.16 * m.weep + 0.10 * m.hard + 0.02 * m.hide + 0.34 * m.open + 0.16 * m.burst + 0.22 * m.murk;
    float lamp = 1.75 * m.calm + 0.85 * m.weep + 0.20 * m.hard + 2.1 * m.hide + 0.30 * m.open + 0.25 * m.burst + 0.22 * m.murk;
    // A lamp high on the left in calm, a small one of the second light in grief; rings and crossed beams in surprise.
    lamp *= mix(1.0, 0.55 + 0.75 * smoothstep(0.9, -1.0, seen.x / wide), m.calm);
    float beams = 0.0;
    if (m.burst > 0.0) {
        for (int n = 0; n < 4; n++) {
            vec2 foot = vec2((float(n) - 1.5) * 0.62 * wide + 0.2 * wide * (lot.y - 0.5), half_.y + 0.15), to = normalize(vec2(0.75 * focus - 0.62 * foot.x, 0.05) - foot + vec2(0.25 * sin(0.4 * u_phase + 1.7 * float(n)), 0.0));
            vec2 d = seen - foot;
            float along = dot(d, to), across = abs(d.x * to.y - d.y * to.x) / (0.05 + 0.13 * along);
            beams += smoothstep(1.10, 0.80, across) * exp(-0.45 * along);
        }
        // The follow spot has found who is there.
        float disc = length(seen - vec2(focus, 0.02)) - 0.84 - 0.04 * sin(0.8 * u_phase);
        beams = 0.85 * beams + 2.2 * smoothstep(0.035, -0.035, disc) + 0.35 * exp(-5.0 * max(disc, 0.0));
    }
    float face_on = 0.5 + 0.5 * from_left * slope, valley = smoothstep(-1.0, 0.7, high), graze = slope * slope;
    vec3 dye = u_counter * 0.10 * m.hide + mix(deep * (1.0 - 0.3 * m.calm), body, 0.60 * m.calm + 0.42 * m.weep + 0.30 * m.hard + 0.28 * m.hide + 0.08 * m.open + 0.10 * m.burst + 0.40 * m.murk);
    float lit = (dim + lamp * pool * shadow) * (0.22 + 0.16 * m.calm + (0.78 - 0.16 * m.calm) * valley) * (0.30 + 0.95 * face_on);
    vec3 light = dye * lit * 1.25 + mix(body, tip, 0.35) * graze * graze * (0.20 * dim + 0.34 * lamp * pool * shadow) * (1.0 - 0.6 * m.calm);
    light += m.burst * mix(body, tip, 0.5) * 0.34 * beams * (0.45 + 0.55 * valley) * (0.5 + 0.5 * face_on);
    light += m.weep * u_counter * (0.85 * exp(-60.0 * dot(seen - vec2(0.62 * wide, 0.34), seen - vec2(0.62 * wide, 0.34))) + 0.16 * exp(-5.0 * dot(seen - vec2(0.62 * wide, 0.34), seen - vec2(0.62 * wide, 0.34)))) * (0.5 + 0.5 * valley);
    if (m.murk > 0.0) {
        // Mould.
        float mould = swell3(vec3(5.3 * seen + 4.0 * lot.xy, 2.0)) + 0.5 * crease;
        light *= 1.0 - 0.75 * m.murk * smoothstep(0.05, 0.45, mould);
    }
    vec2 from = vec2(seen.x - middle, v - 0.42 + 0.30 * m.open);
    light = mix(stage_behind(from, v, m, lot), light, cloth.hides);
    // The painting's colours lie on the cloth like a dye, and leave it its folds.
    light = mix(light, place_hung(seen, light, m, lot), 0.30 + 0.30 * m.calm + 0.15 * m.weep - 0.15 * (m.burst + m.hide + m.open));
    // The floor.
    vec2 here = vec2((at.x - focus) / 0.85, (at.y - place_floor_y()) / 0.26);
    vec3 wood = mix(deep + 0.010, body, 0.22) * (1.0 - 0.45 * (1.0 - plank) * smoothstep(1.7, 0.7, ground.y)) * (1.0 - 0.65 * seam);
    vec3 lies = wood * (dim + 1.1 * lamp * exp(-dot(here, here)) + 0.25 * m.burst) + wood * m.open * 1.2 * exp(-2.0 * under) + m.hide * u_counter * 0.5 * exp(-3.0 * under - 40.0 * (at.x - middle * (1.0 - 0.6 * under)) * (at.x - middle * (1.0 - 0.6 * under)) / (0.3 + 4.0 * under));
    float mirror = mix(0.10, 0.55, wet) * mix(1.0, 0.45, smoothstep(0.0, 0.5, under)) * (1.0 - 0.5 * seam);
    light = mix(light, light * mirror + (lies + place_visitors(at, true)) * contact_shadow(at), below) + place_visitors(at, false) * 0.5 * (1.0 - 0.6 * below);
    // The lamp's beam stands in the haze.
    vec2 source = vec2(mix(-0.80, 0.95, m.hide) * wide, half_.y + 0.25), towards = normalize(vec2(focus, -0.35) - source), d = at - source;
    float along = dot(d, towards), across = (d.x * towards.y - d.y * towards.x) / (0.05 + 0.21 * along);
    light += mix(body, tip, 0.6) * (0.030 * m.calm + 0.035 * m.weep + 0.02 * m.hide + 0.03 * m.murk + 0.03 * m.hard) * exp(-across * across) * (1.0 - 0.4 * smoothstep(0.5, 2.2, along));
    light *= 1.0 - 0.35 * smoothstep(0.6, 1.4, length(vec2(at.x / wide, 0.8 * at.y)));
    return max(light, 0.0) + (tip * 0.5 + u_counter * 0.5) * 0.08 * dust(at) * (0.3 + 2.0 * dot(light, vec3(1.0)));
}
