#version 330 core
// What the portrait is painted from, small and soft: red how much of a place is the figure (0.5 is its outline), green how light it is there, robe
// or ground, blue the air round it, alpha how much paint runs down. The outline is the visitor's own, moved and scaled to fill the
// picture, and completed by a bust where the camera sees none; it is eased in time, as outlines come less often than pictures.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/swell3.glsl"
#include "lib/form/moods.glsl"
#include "lib/portrait/sitter.glsl"
#include "lib/sdf/along_segment.glsl"
#include "lib/portrait/bust.glsl"
#include "lib/portrait/wall.glsl"
uniform float u_room, u_relief;
in vec2 v_uv;
out vec4 f_colour;
const float EASE_S = 0.10;

float mask(vec2 at, float lod) {
    // A body that goes on beyond the camera's picture is not cut there: it dissolves.
    vec2 inside = smoothstep(vec2(0.01), vec2(0.16), min(at, 1.0 - at));
    return textureLod(u_silhouette, at, lod).r * inside.x * inside.y;
}

void main() {
    vec4 before = texelFetch(u_feedback, ivec2(gl_FragCoord.xy), 0);
    vec2 p = (v_uv * 2.0 - 1.0) * u_resolution / min(u_resolution.x, u_resolution.y);
    float shares[7] = moods_awake();
    float cover = 0.0, clear = 1.0, belongs = 0.0, air = 0.0, folds = 0.0, aside = 1e3;
    vec3 normal = vec3(0.0), heads = vec3(0.0, 0.0, 1e-4), frame = vec3(0.0, 0.0, 1.0);
    for (int i = 0; i < u_people; i++) {
        vec3 own = framing(i, shares);
        Sitter s = sitter(i, own, shares);
        if (s.here < 0.01) continue;
        Bust b = bust(i, p, s, own, shares);
        float there = smoothstep(-0.09, 0.09, -b.away / s.tall * 0.5) * s.here;
        cover = max(cover, there);
        // The painter's own head stands for the outline's.
        float from_head = length((p - s.head) / s.tall / vec2(1.0, 1.15)), of_head = from_head - 0.95;
        clear *= mix(1.0, smoothstep(1.1, 1.7, from_head), s.here);
        air = max(air, exp(-2.2 * max(min(b.away / s.tall, of_head), 0.0)) * s.here);
        normal = mix(normal, b.normal, there);
        folds = mix(folds, robe_folds((p - s.head) / s.tall), there);
        heads += vec3(s.head, 1.0) * s.here;
        // Each hangs in a frame of their own.
        if (abs(p.x - s.head.x) < aside) {
            aside = abs(p.x - s.head.x);
            frame = own;
            // Only near the body that is known: no islands where the camera's picture ends.
            belongs = smoothstep(0.36, 0.10, b.away / s.tall) * s.here;
        }
    }
    vec2 head = heads.xy / heads.z;
    float aspect = u_resolution.x / u_resolution.y * u_camera_fit.x / u_camera_fit.y;
    vec2 q = from_easel(p, frame), at = vec2(q.x / aspect, -q.y) * 0.5 + 0.5;
    // As soft as the outline's own points are large here.
    float seen = mask(at, log2(max(256.0 / frame.z / 192.0, 1.0)) + 1.0) * u_silhouette_share;
    cover = max(cover, smoothstep(0.15, 0.85, seen * clear * belongs));
    vec3 key = key_light(shares);
    normal = normalize(normal * vec3(u_relief, u_relief, 1.0) + vec3(0.0, 0.0, 0.02));
    float lit = smoothstep(-0.35, 1.05, dot(normal, key)) * 0.86 + folds;
    // The room as the camera sees it, in two tones, behind all that is somebody.
    float grey = dot(textureLod(u_camera, at, 0.0).rgb, vec3(0.2126, 0.7152, 0.0722));
    float wall = wall_tone(p, head, shares) + 0.34 * u_room * u_silhouette_share * (1.0 - air) * (smoothstep(0.2, 0.7, grey) - 0.5);
    lit = mix(wall, lit, smoothstep(0.35, 0.65, cover));
    float near = 1.0 - exp(-u_dt / EASE_S);
    if (u_dt > 0.0 && before == vec4(0.0)) near = 1.0;
    vec3 now = mix(before.rgb, vec3(cover, lit, air), near);
    // Paint runs: each column at its own pace, most of them not at all.
    float column = hash_lattice(ivec3(int(floor(gl_FragCoord.x * 0.5)), 3, 1));
    float pace = (0.05 + 0.5 * column * column) * (0.15 + max(u_droop, 0.0));
    float above = textureLod(u_feedback, v_uv + vec2(0.0, 0.5 * pace * u_dt), 0.0).a;
    float wet = smoothstep(0.5, 0.62, cover);
    float run = max(wet, above * exp(-u_dt * (0.9 + 4.0 * (1.0 - column))));
    f_colour = vec4(now, run);
}
