#version 330 core
// Seeds of light on fine threads, one set for all moods: a ring that floats round the form, sparks that rise or are flung,
// drops that fall from its ribbons, slime that hangs from a lip, a wide ring that springs open; one thread reaches to the next visitor's form.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
#include "lib/motion/throb.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/superformula.glsl"
#include "lib/form/supershape.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/lantern.glsl"

uniform float u_satellites;

in vec2 in_uv;  // x across in [-1, 1], y along in [0, 1]: thread up to 5/12, then the bead

out vec3 v_position;
out vec4 v_thread;  // as in blossom_thread.vert
out vec3 v_kind;

// A place on the ring: tilted, it sways; in surprise it is wide and faces the viewer.
vec3 ring(float angle, Lantern l) {
    float far = mix(0.92 + 0.14 * l.mood.neutral, 1.04, l.mood.surprise) + 0.10 * l.mood.neutral * sin(2.0 * angle + 0.3 * u_phase) * 0.3;
    vec3 p = far * vec3(cos(angle), 0.0, sin(angle));
    float tilt = mix(0.30 + 0.06 * sin(0.2 * u_phase), 1.45, l.mood.surprise), c = cos(tilt), s = sin(tilt);
    p.yz = mat2(c, s, -s, c) * p.yz;
    float roll = 0.22 * l.side * (1.0 - l.mood.surprise), e = cos(roll), f = sin(roll);
    p.xy = mat2(e, f, -f, e) * p.xy;
    return (p + vec3(0.0, l.heart, 0.0)) * l.size + l.root;
}

void main() {
    Lantern l = lantern_stand();
    Mood m = l.mood;
    float n = float(gl_InstanceID), self = u_self[u_shape].x, count = floor(u_satellites);
    vec4 lot = lots(gl_InstanceID + int(self * 65536.0));
    float way = 6.2831853 * (n + 0.35 * lot.x) / count + 0.12 * u_phase;

    // They drift in clumps, some of them off the ring.
    vec3 to = ring(6.2831853 * (n + (1.6 * lot.y + 2.2 * sin(0.37 * n)) * (1.0 - m.surprise)) / count + 0.12 * u_phase, l);
    float stray = (lot.w + lot.z - 1.0) * (0.5 + lot.x) * (1.0 - m.surprise);
    vec3 middle = vec3(0.0, l.heart, 0.0) * l.size + l.root;
    to = middle + (to - middle) * (1.0 + 0.20 * stray) + vec3(0.0, 0.10 * l.size * stray * (1.0 - m.surprise), 0.0);
    vec3 from = mix(to - 0.001 * (to - middle), ring(6.2831853 * (n - 1.0) / count + 0.12 * u_phase, l), m.surprise);
    float ringed = clamp(m.neutral + m.surprise + m.sleep, 0.0, 1.0);
    float there = ringed * (0.55 + 0.45 * max(m.surprise, m.sleep));
    float bead = mix(0.004, 0.022, pow(lot.x, 5.0)) * (1.0 + 0.5 * m.sleep), thick = 0.0030 + 0.003 * m.surprise;
    float shines = 0.7 + 1.4 * m.sleep, water = 0.0;

    float life = fract(lot.z + u_phase * 0.09 * (0.6 + 0.8 * lot.w));
    // Happy: they rise out of the crown. Angry: they are flung out of it, most to one side.
    vec3 heart = vec3(0.0, l.heart, 0.0), up = vec3((1.6 * lot.x - 0.8) * (0.4 + 0.9 * life), 0.5 + 1.9 * life, (1.2 * lot.y - 0.6) * (0.4 + 0.9 * life));
    vec3 flung = heart + normalize(vec3(2.4 * lot.x - 1.2 + 0.25 * l.side, 0.10 + 1.1 * lot.y, 1.3 * lot.w - 0.4)) * (0.35 + 1.5 * life), back = mix(flung, heart, 0.16);
    // Sad: drops let go of the ribbons. Disgust: they hang from the lip on strands that grow.
    float ring_r = 0.24 + 0.40 * lot.x;
    vec3 fall = vec3(cos(way) * ring_r, mix(0.95 - 0.6 * lot.y, 0.02, life * life), sin(way) * ring_r);
    float lip = 0.24 + 0.20 * lot.x;
    vec3 hook = vec3(cos(way) * lip, 1.06, sin(way) * lip), blob = hook - vec3(0.0, (0.30 + 0.70 * lot.y) * life, 0.0);
    float sum = m.happy + m.angry + m.sad + m.disgust + 1e-3, free = smoothstep(0.38, 0.62, sum / (sum + ringed + m.fear));
    vec3 high = vec3(0.0, 1.0, 0.0);
    vec3 tail = (m.happy * (up - 0.10 * high) + m.angry * back + m.sad * (fall + (0.05 + 0.25 * life) * high) + m.disgust * hook) / sum;
    vec3 tip = (m.happy * up + m.angry * flung + m.sad * fall + m.disgust * blob) / sum;
    float leans = 1.0 - m.happy;
    from = mix(from, lantern_place(tail, leans, l), free);
    to = mix(to, lantern_place(tip, leans, l), free);
    float fades = smoothstep(0.0, 0.15, life) * smoothstep(1.0, 0.85, life);
    there = mix(there, fades * (1.0 - 0.5 * m.disgust * step(0.5, lot.w)), free);
    bead = mix(bead, m.happy * (0.006 + 0.012 * lot.x) + m.angry * 0.006 + m.sad * (0.008 + 0.008 * lot.x) + m.disgust * (0.010 + 0.010 * lot.x), free);
    thick = mix(thick, 0.003 + 0.004 * m.angry + 0.008 * m.disgust, free);
    shines = mix(shines, 0.8 * m.happy + m.angry + 0.2, free);
    water = free * clamp(m.sad + 0.8 * m.disgust, 0.0, 1.0);
    // Fear: nothing dares to move.
    there *= 1.0 - min(1.4 * m.fear, 1.0);
    float bow = 0.0, link = 0.0;
    if (gl_InstanceID == 0 && u_shape + 1 < u_people) {
        from = lantern_place(heart, 1.0, l);
        to = vec3(u_place[u_shape + 1].x, from.y, from.z);
        there = 0.8 * u_place[u_shape].w * u_place[u_shape + 1].w;
        bow = 0.22;
        link = 1.0;
        bead = 0.010;
        thick = 0.004;
    }

    float scale = clamp(l.size / 0.8, 0.55, 1.2);
    bead *= scale;
    thick *= scale;
    vec3 line = to - from;
    float y = clamp(in_uv.y * mix(2.4, 1.0, link), 0.0, 1.0), ball = clamp(in_uv.y * 2.0 - 1.0, 0.0, 1.0) * 2.0 - 1.0, is_ball = step(0.49, in_uv.y) * (1.0 - link);
    vec3 down = normalize(line + vec3(0.0, -1e-4, 0.0));
    vec3 p = from + line * y - vec3(0.0, bow * 4.0 * y * (1.0 - y), 0.0);
    vec3 side = normalize(cross(down, vec3(0.0, 0.0, 3.4) - p));
    // Never thinner than a pixel; what would be is fainter.
    float least = 1.3 / min(u_resolution.x, u_resolution.y), small = min(bead / (1.5 * least), 1.0), taper = mix(1.0, y, m.angry), faint = min(thick * taper / least, 1.0);
    float wide = mix(max(thick * taper, least), max(bead, 1.5 * least), is_ball);
    p += down * max(bead, 1.5 * least) * (ball + 0.9) * is_ball + side * in_uv.x * wide;
    v_position = p;
    v_thread = vec4(in_uv.x, y, is_ball > 0.5 ? ball : -1.0, there * mix(faint * mix(1.0 - 0.65 * m.surprise, y, free), small * small, is_ball));
    v_kind = vec3(shines, water, lot.x);
    gl_Position = to_clip(p);
    // What is not there costs nothing.
    if (there < 0.01) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
