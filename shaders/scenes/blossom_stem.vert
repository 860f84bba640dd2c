#version 330 core
// What the blossom stands on: its stem, leaves that stretch, hang or close round it as hands would, and the calyx.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/noise/hash.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/bent_stroke.glsl"
#include "lib/place/floor.glsl"
#include "lib/form/gesture.glsl"
#include "lib/form/mirrored.glsl"
#include "lib/form/apart.glsl"
#include "lib/form/blossom_pose.glsl"

in vec2 in_uv;

out vec3 v_position;
flat out vec4 v_mood_a, v_mood_b;
out vec3 v_normal;
out vec4 v_leaf;  // along, across, 0 stem 1 leaf, random

const int LEAVES = 4;

vec3 stem(vec2 uv, Blossom b, float thick) {
    vec3 at = blossom_stem(uv.y, b), way = normalize(blossom_stem(uv.y + 0.02, b) - at);
    vec3 side = normalize(cross(way, vec3(0.0, 0.0, 1.0))), front = cross(side, way);
    float a = uv.x * 3.14159265;
    return at + (side * sin(a) + front * cos(a)) * thick * mix(1.5, 0.85, uv.y);
}

// A leaf from a point in a direction, that bends down by its weight; across it is folded along its middle.
vec3 leaf(vec2 uv, vec3 from, vec3 out_to, float reach, float rise, float bend, float wide) {
    float v = uv.y;
    vec2 stroke = bent_stroke(reach, rise, bend, v);
    vec3 side = normalize(cross(out_to, vec3(0.0, 1.0, 0.0)));
    float lean = rise + bend * v, width = wide * reach * pow(v + 0.01, 0.6) * pow(1.0 - v, 0.7);
    vec3 up = vec3(0.0, sin(lean), 0.0) - out_to * cos(lean);
    return from + out_to * stroke.x + vec3(0.0, stroke.y, 0.0) + side * uv.x * width + up * width * 0.45 * (1.0 - abs(uv.x));
}

vec3 surface(vec2 uv, int n, Blossom b, Mood m) {
    if (n == 0) return stem(uv, b, 0.030 * b.size);
    float random = hash11(float(n) + 3.0 + floor(u_self[u_shape].x * 1024.0));
    if (n <= LEAVES) {
        float k = float(n - 1), hides = m.fear * float(n <= 3);
        vec3 from = mix(blossom_stem(0.12 + 0.14 * k, b), b.root, hides);
        float way = k * 2.6 + 0.5 * random + u_self[u_shape].x * 3.0;
        // Where it hides, leaves come round it like hands before a face.
        way = mix(way, k == 0.0 ? 0.60 : k == 1.0 ? 2.20 : 4.5, hides);
        float rise = mix(0.75 + 0.3 * random, 0.30, max(m.happy, 0.7 * m.angry)) + 0.5 * m.sad + 0.4 * m.disgust - 0.10 * u_welcome - 0.35 * b.of.lift;
        float bend = 0.9 + 0.7 * m.sad + 0.9 * m.disgust - 0.9 * m.happy - 0.8 * m.angry - 0.3 * m.surprise;
        rise = mix(rise, 0.86, hides);
        bend = mix(bend, -1.05, hides);
        rise += 0.05 * sin(u_phase * 0.5 + 4.0 * random) + 0.04 * (u_tremble + m.fear) * sin(u_phase * 15.0 + 9.0 * random);
        float reach = b.size * mix(0.62 - 0.08 * k, k == 2.0 ? 0.45 : 0.56 + 0.12 * k, hides) * (1.0 - 0.2 * m.sleep);
        return leaf(uv, from, vec3(cos(way), 0.0, sin(way)), reach, rise, bend, mix(mix(0.30, 0.16, m.angry), 0.30, hides));
    }
    // The calyx: narrow leaves under the petals.
    float a = float(n) * 1.2566 + u_self[u_shape].x;
    float start = mix(0.55, 1.75, b.open), v = uv.y;
    vec2 stroke = bent_stroke(0.34, start, mix(-0.9, 0.6, b.open), v);
    float width = 0.13 * pow(v + 0.02, 0.5) * pow(1.0 - v, 0.7), turned = a + uv.x * width / (stroke.x + 0.06);
    return blossom_place(vec3(cos(turned), sin(turned), 0.0) * (stroke.x + 0.03) + vec3(0.0, 0.0, stroke.y - 0.05 - 0.10 * b.open), b);
}

void main() {
    Mood m = mood_now();
    Blossom b = blossom_stand(m);
    int n = gl_InstanceID;
    vec2 uv = in_uv, inner = vec2(uv.x, clamp(uv.y, 0.05, 0.92));
    vec3 p = surface(uv, n, b, m), base = surface(inner, n, b, m);
    vec3 across = surface(inner + vec2(0.1, 0.0), n, b, m) - base, along = surface(inner + vec2(0.0, 0.04), n, b, m) - base;
    vec3 normal = normalize(cross(across, along) + 1e-9);
    v_position = p;
    v_normal = normal;
    v_leaf = vec4(uv.y, uv.x, n == 0 ? 0.0 : 1.0, hash11(float(n) + 11.0));
    v_mood_a = vec4(m.angry, m.disgust, m.fear, m.happy);
    v_mood_b = vec4(m.sad, m.surprise, m.neutral, m.sleep);
    gl_Position = to_clip(p);
}
