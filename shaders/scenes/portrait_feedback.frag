#version 330 core
// What the portrait is painted from, small and soft: red how much of a place is the figure (0.5 is its outline), green how light the robe is
// there, blue the air round the figure, alpha how light the ground is. The outline is the visitor's own, moved and scaled to fill the
// picture, and completed by a bust where the camera sees none; it is eased in time, as outlines come less often than pictures.
#include "lib/frame.glsl"
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
    float cover = 0.0, clear = 1.0, belongs = 0.0, air = 0.0, folds = 0.0, shade = 0.0, aside = 1e3;
    vec3 normal = vec3(0.0), heads = vec3(0.0, 0.0, 1e-4), frame = vec3(0.0, 0.0, 1.0);
    for (int i = 0; i < u_people; i++) {
        vec3 own = framing(i, shares);
        Sitter s = sitter(i, own, shares);
        if (s.here < 0.01) continue;
        Bust b = bust(i, p, s, own, shares);
        float there = smoothstep(-0.09, 0.09, -b.away / s.tall * 0.5) * s.here;
        cover = max(cover, there);
        vec2 under = (p - s.head) / s.tall;
        // The painter's own head stands for the outline's.
        float from_head = length(under / vec2(1.0, 1.15)), of_head = from_head - 0.95;
        clear *= mix(1.0, smoothstep(1.1, 1.7, from_head), s.here);
        air = max(air, exp(-2.2 * max(min(b.away / s.tall, of_head), 0.0)) * s.here);
        normal = mix(normal, b.normal, there);
        folds = mix(folds, robe_folds(under), there);
        // The head's shadow lies on the shoulder behind it.
        vec2 thrown = (under - vec2(0.75, -1.25)) / vec2(0.80, 0.55);
        shade = mix(shade, exp(-dot(thrown, thrown)), there);
        heads += vec3(s.head, 1.0) * s.here;
        // Each hangs in a frame of their own.
        if (abs(p.x - s.head.x) < aside) {
            aside = abs(p.x - s.head.x);
            frame = own;
            // Only near the body that is known: no islands where the camera's picture ends.
            belongs = smoothstep(0.16, 0.02, b.away / s.tall) * s.here;
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
    float lit = smoothstep(-0.05, 1.05, dot(normal, key)) + 0.06 * max(normal.x, 0.0);
    lit = (lit * (1.0 + 1.6 * folds) + 0.35 * folds) * (1.0 - 0.55 * shade) * (1.0 - 0.55 * smoothstep(-0.25, -1.05, p.y));
    // The room as the camera sees it, in two tones, behind all that is somebody.
    float grey = dot(textureLod(u_camera, at, 1.0).rgb, vec3(0.2126, 0.7152, 0.0722));
    float wall = wall_tone(p, head, shares) + 0.22 * u_room * u_silhouette_share * (1.0 - air) * (smoothstep(0.2, 0.7, grey) - 0.5);
    float near = 1.0 - exp(-u_dt / EASE_S);
    if (u_dt > 0.0 && before == vec4(0.0)) near = 1.0;
    f_colour = mix(before, vec4(cover, max(lit, 0.0), air, wall), near);
}
