#version 330 core
// What is on the atelier's canvas: how much paint (red, 0 to 1), how wet it is (green), ridges of the visitors' own brushes
// (blue), and for how many seconds everybody has held still (alpha, the same everywhere).
#include "lib/frame.glsl"
#include "lib/land/lay.glsl"
uniform float u_brush, u_still;
in vec2 v_uv;
out vec4 f_colour;
const float SKETCH = 0.42;  // paint that stays in the middle when nobody is there: a picture somebody has left half done

// A brush that came from `back`: how much of it is here, and its hairs.
vec2 drawn(vec2 p, vec2 at, vec2 back, float radius) {
    vec2 way = at - back;
    float long2 = max(dot(way, way), 1e-6), s = clamp(dot(p - back, way) / long2, 0.0, 1.0);
    vec2 from = p - back - s * way;
    float across = dot(p - at, vec2(-way.y, way.x)) * inversesqrt(long2) / radius;
    float here = exp(-2.0 * dot(from, from) / (radius * radius));
    return here * vec2(1.0, 0.5 + 0.5 * sin(across * 17.0 + 2.0 * sin(across * 7.0)));
}

void main() {
    vec4 was = texelFetch(u_feedback, ivec2(gl_FragCoord.xy), 0);
    vec2 p = (v_uv * 2.0 - 1.0) * half_picture();
    float there = 0.0, moving = 0.0, paint = 0.0, ridges = 0.0, lit = 0.0;
    for (int i = 0; i < u_people; i++) {
        float present = u_place[i].w;
        vec2 face = u_head[i].xy;
        float known = u_seen[i].w;
        there = max(there, present);
        moving = max(moving, present * smoothstep(0.12, 0.30, u_self[i].z));
        // A head paints with all its width: near, it fills the canvas.
        float near = (0.24 + 0.20 * u_place[i].z + 0.55 * u_seen[i].z) * u_brush;
        vec2 at = mix(u_place[i].xy * vec2(1.0, 2.6), face, known);
        float live = 0.55 + 0.45 * sin(5.0 * p.x + 3.0 * p.y + u_time * 0.7);
        float face_here = exp(-dot(p - at, p - at) / (near * near));
        lit = max(lit, 0.85 * present * face_here);
        paint += present * 0.50 * face_here * (0.5 + 0.5 * live + u_self[i].z);
        for (int hand = 0; hand < 2; hand++) {
            vec4 joint = u_joints[i * JOINTS + LEFT_WRIST + hand], moves = u_hands[i * 2 + hand];
            float speed = length(moves.xy), seen = present * joint.w;
            moving = max(moving, seen * smoothstep(0.25, 0.6, speed));
            vec2 to = joint.xy, back = joint.xy - moves.xy * clamp(u_dt * 1.5, 0.03, 0.15);
            vec2 here = drawn(p, to, back, (0.20 + 0.05 * min(speed, 2.0)) * u_brush) * seen * smoothstep(0.06, 0.5, speed);
            lit = max(lit, seen / (1.0 + 30.0 * dot(p - to, p - to)));
            paint += here.x * (1.6 + 2.2 * min(speed, 2.0));
            ridges = max(ridges, here.y);
        }
    }
    float still = moving < 0.5 && there > 0.5 ? was.a + u_dt : max(was.a - 5.0 * u_dt, 0.0);
    still = min(still, u_still + 2.0);
    float patches = 0.5 + 0.25 * (sin(3.1 * p.x + 1.3 + 0.05 * u_time) * sin(2.7 * p.y - 0.7) + sin(5.3 * p.x * p.y + 1.9 * p.x + 4.0));
    float fills = smoothstep(u_still, u_still + 1.2, still) * (0.10 + 0.42 * patches);
    // Away from the brushes paint goes slowly, back to a sketch: the canvas stays alive under those who move.
    float sketch = mix(SKETCH * smoothstep(1.45, 0.35, length(p * vec2(0.65, 1.0)) + 0.5 * (patches - 0.5)), 0.36 * (0.35 + 1.0 * patches), there);
    float goes = mix(0.030, 0.022, there) * (1.0 - smoothstep(u_still, u_still + 1.2, still));
    float red = was == vec4(0.0) ? sketch : was.r + u_dt * (paint + fills);
    red += clamp(sketch - red, -goes * u_dt, 0.16 * u_dt);
    // It is wettest under hands and heads: the canvas is lit there, so that everybody sees where they paint.
    float wet = max(was.g * exp(-u_dt / 3.0) + u_dt * (1.2 * paint + 0.8 * fills) * (1.0 - was.g), lit);
    float ridge = max(was.b * exp(-u_dt / 9.0), ridges);
    f_colour = clamp(vec4(red, wet, ridge, still), vec4(0.0), vec4(1.0, 1.0, 1.0, 60.0));
}
