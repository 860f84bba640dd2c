#version 330 core
// Velvet: black in its valleys, bright where it turns away; a braid and a fringe at its border; torn, wet or rotten as the mood has it.
#include "lib/frame.glsl"
#include "lib/place/mood.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/ridge.glsl"

in vec2 v_fold;
in vec2 v_at;
flat in float v_side;
flat in float v_mood[7];

out vec4 f_colour;

void main() {
    PlaceMood m = PlaceMood(v_mood[0], v_mood[1], v_mood[2], v_mood[3], v_mood[4], v_mood[5], v_mood[6]);
    vec3 deep = u_palette[1], body = u_palette[2], tip = u_palette[3];
    float top = 1.0 - abs(v_side), tall = u_resolution.y / min(u_resolution.x, u_resolution.y), ends = v_at.y + 0.80 * tall;
    // Torn in anger, in rags and threads in disgust.
    float along = mix(v_at.y, v_at.x, top), rag = crag1(2.7 * along + v_side) * (0.75 + 0.25 * wave1(2.1 * along)) + 0.25 * crag1(9.1 * along);
    float thread = 0.5 + 0.5 * wave1(31.0 * v_at.x), strand = 0.5 + 0.5 * wave1(7.3 * v_at.x + 1.0);
    float inside = v_fold.y - 0.13 * m.hard * rag - m.murk * mix(0.05 * rag, 0.085 * thread * strand + 0.03, top);
    float hem = ends - 0.010 * wave1(4.0 * v_fold.x) - 0.30 * m.hard * crag1(3.3 * v_at.x + 0.4) - m.murk * (0.16 + 0.40 * strand + 0.16 * thread * strand);
    float fine = fwidth(v_fold.y) + fwidth(v_at.y), cover = smoothstep(0.0, fine, inside) * smoothstep(0.0, fine, hem + top);

    float f = 4.0 * v_fold.x, crease = wave1(1.7 * v_at.y + 0.5 * f), high = 0.75 * wave1(f + 0.3 * crease) + 0.25 * wave1(2.6 * f + 1.3 * crease);
    float slope = 0.70 * wave1(f + 1.0 + 0.3 * crease) + 0.30 * wave1(2.6 * f + 1.0 + 1.3 * crease), valley = smoothstep(-1.0, 0.8, high), graze = slope * slope;
    float face_on = 0.5 + 0.5 * slope * mix(mix(v_side, 1.0, 0.6 * m.calm), 0.4, top);
    vec3 dye = mix(deep, body, 0.50 * m.calm + 0.34 * m.weep + 0.22 * m.hard + 0.14 * m.hide + 0.05 * m.open + 0.08 * m.burst + 0.30 * m.murk);
    // It is lit from the stage, less towards the picture's border and above.
    float from_stage = exp(-2.4 * v_fold.y * (1.0 - top)) * mix(1.0, 0.55, smoothstep(0.0, 1.0, v_at.y / tall)) * mix(1.0, 0.6, top);
    float lamp = (0.62 * m.calm + 0.60 * m.weep + 0.45 * m.hard + 0.40 * m.hide + 0.95 * m.open + 0.80 * m.burst + 0.50 * m.murk) * from_stage;
    vec3 light = dye * lamp * (0.10 + 0.90 * valley) * (0.25 + 1.0 * face_on);
    light += mix(body, tip, 0.30) * graze * graze * lamp * (0.34 - 0.20 * m.calm) * face_on;
    // Wet cloth shines in narrow lines.
    light += (tip * 0.5 + u_counter * 0.3) * m.weep * lamp * 0.55 * smoothstep(0.86, 1.0, high);
    // What burns or shines behind it comes round its border.
    float border = exp(-34.0 * max(inside, 0.0)) * (1.0 - top);
    light += border * (mix(body, tip, 0.5) * (0.75 * m.hard * smoothstep(0.6, -0.8, v_at.y) + 0.16 * m.open + 0.20 * m.murk) + u_counter * (0.22 * m.hide + 0.10 * m.burst));
    // Mould.
    light *= 1.0 - 0.7 * m.murk * smoothstep(0.1, 0.6, wave1(3.1 * v_at.x + crease) * wave1(4.3 * v_at.y + strand) + 0.35 * crease);

    // A braid, and a fringe of twisted threads below it.
    float whole = (1.0 - m.hard) * (1.0 - m.murk), width = mix(0.030, 0.040, top), soft = max(fine, 0.004);
    float braid = smoothstep(soft, -soft, abs(v_fold.y - width) - 0.010), lies = mix(v_at.y, v_at.x, top), twist = abs(fract(24.0 * lies + 14.0 * v_fold.y) - 0.5) * 2.0;
    float fringe = smoothstep(width, width - soft, v_fold.y) * top, threads = abs(fract(34.0 * v_at.x) - 0.5) * 2.0;
    vec3 gold = mix(mix(body, tip, 0.55), vec3(0.95, 0.52, 0.14), 0.70 - 0.4 * m.weep - 0.5 * m.hide) * (0.16 - 0.08 * m.hide + 0.60 * lamp);
    light = mix(light, gold * (0.25 + 0.95 * twist) * (0.5 + 0.5 * valley), braid * whole);
    light = mix(light, gold * 0.8 * (0.20 + 0.80 * threads), fringe * whole);
    cover *= mix(1.0, smoothstep(0.0, 0.35, threads + 0.4 * (v_fold.y / width)), fringe * whole);
    // A cord ties it back where it is drawn open.
    float tie = v_at.y + 0.80 * tall - 0.32 * 1.80 * tall + 0.10 * v_fold.y, cord = m.open * (1.0 - top) * smoothstep(0.030 + soft, 0.030 - soft, abs(tie));
    float strandy = abs(fract(16.0 * v_fold.y + 9.0 * tie) - 0.5) * 2.0;
    light = mix(light, gold * (0.25 + 1.1 * strandy) * (1.0 - 0.6 * abs(tie) / 0.030), cord);
    light *= mix(0.75, 1.0, u_presence) * (1.0 + 0.6 * u_welcome);
    f_colour = vec4(light * u_fade, u_fade) * cover * u_stage;
}
