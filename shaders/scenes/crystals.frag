#version 330 core
// A crystal, seen into: the eye's ray is cut by its planes, bent, and followed to the far face. Milk and veils lie on its way, growth has drawn
// bands parallel to the tip, and at its end it leaves for the room or is thrown back.
#include "lib/frame.glsl"
#include "lib/texture/worn_softly.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/environment_sharp.glsl"
#include "lib/light/shade.glsl"
#include "lib/light/own_tint.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/place/floor.glsl"
#include "lib/place/backdrop.glsl"
#include "lib/form/bed.glsl"
#include "lib/form/bed_stone.glsl"
#include "lib/form/facets.glsl"

in vec3 v_at;
in vec3 v_position;
flat in vec3 v_eye;
flat in vec3 v_wide_a, v_wide_b, v_tip_a, v_tip_b;
flat in vec4 v_shape;
flat in vec4 v_colour;
flat in mat3 v_frame;
flat in vec3 v_state;
flat in vec4 v_haze;
flat in vec3 v_key;

out vec4 f_colour;

const vec3 GREY = vec3(0.2126, 0.7152, 0.0722), BEHIND = vec3(0.36, 0.42, -0.83);

void main() {
    // Of the likeness only what is near the water is seen.
    if (v_state.x > 0.5 && v_position.y > FLOOR + 0.65) discard;
    Facets f = Facets(v_wide_a, v_wide_b, v_tip_a, v_tip_b, v_shape.x, v_shape.y);
    vec3 d = normalize(v_at - v_eye);
    Way way = facets_through(f, v_eye, d);
    float pixel = 2.0 * (EYE - v_position.z) / (EYE * min(u_resolution.x, u_resolution.y) * v_shape.w);
    float cover = clamp(0.5 + facets_inside(way, d, pixel), 0.0, 1.0);
    float gap = (way.enter - way.next) / length(way.face / dot(way.face, d) - way.beside / dot(way.beside, d)), edge = 1.0 - clamp(gap / max(1.5 * pixel, 0.025), 0.0, 1.0);
    if (cover < 0.01) discard;

    float likeness = v_state.x, spirit = v_state.y, random = v_colour.w, tall = v_shape.z;
    float born = step(1e-4, v_colour.r + v_colour.g + v_colour.b);
    vec3 at = v_eye + way.enter * d, flat_n = way.face;
    float along = clamp(at.y / tall, 0.0, 1.0);
    // Faces meet in a worn edge; a little curved, each takes a gradient of light; fine steps of growth lie across the long ones.
    vec3 n = normalize(flat_n + edge * way.beside + 0.07 * vec3(at.x, 0.0, at.z));
    float step_at = at.y * 5.0 + 3.0 * sin(at.y * 1.7 + 20.0 * random), steps = sin(step_at) * smoothstep(0.5, 0.1, 5.0 * pixel) * smoothstep(0.4, 0.1, abs(flat_n.y));
    n.y += 0.035 * steps;

    // Through it: by the face itself, or its worn edges would throw the ray about.
    vec3 r = refract(d, normalize(flat_n + 0.07 * vec3(at.x, 0.0, at.z)), 0.66);
    r = dot(r, r) < 0.5 ? d : r;
    vec3 back;
    vec2 goes = facets_out(f, at, r, back);
    float far = clamp(goes.x, 0.0, 8.0), rooted = step(back.y, -0.9);
    vec3 middle = at + 0.5 * far * r;
    float high = clamp(middle.y / tall, 0.0, 1.0), back_edge = 1.0 - smoothstep(0.0, max(0.10, 5.0 * pixel), goes.y);
    vec3 leaves = refract(r, -back, 1.52);
    float thrown = step(dot(leaves, leaves), 0.5);
    vec3 out_by = v_frame * (thrown > 0.5 ? reflect(r, back) : leaves);
    vec2 seen = v_position.xy * (EYE / (EYE - v_position.z)) + vec2(0.0, place_horizon_y());
    vec2 unit = 0.5 * min(u_resolution.x, u_resolution.y) / u_resolution, uv = seen * unit + 0.5;
    // Thrown back and forth, what is bright stays bright and what is dim is lost.
    vec3 behind = backdrop_near(uv + 0.22 * out_by.xy * unit), mirrored = environment_sharp(out_by);
    mirrored *= min(dot(mirrored, GREY) * 1.1, 1.0);
    vec3 room = mix(mix(behind, mirrored, 0.45), mirrored, thrown) * (1.0 - 0.7 * rooted);

    // What lies in it: milk, thickest at the root; a healed crack across; bands of growth.
    vec3 crack_n = normalize(vec3(fract(random * 91.7) - 0.5, fract(random * 57.1) + 0.35, fract(random * 33.3) - 0.5));
    float crack_t = (crack_n.y * tall * (0.25 + 0.5 * fract(random * 77.7)) - dot(crack_n, at)) / dot(crack_n, r);
    vec3 crack_at = at + crack_t * r;
    vec2 veil_uv = likeness > 0.5 ? bed_uv(bed_at(seen).xy) : vec2(crack_at.x + 0.4 * crack_at.y, crack_at.z) * 0.34 + random * 7.0;
    float cracked = step(0.0, crack_t) * step(crack_t, far);
    veil_uv = mix(vec2(middle.x * 0.11 + 0.05 * middle.z, middle.y * 0.07) + random * 7.0, veil_uv, max(cracked, likeness));
    vec3 picture = worn_softly(veil_uv, 0.6);
    float grey = dot(picture, GREY), crack = smoothstep(0.30, 0.62, grey) * cracked * smoothstep(0.9, 0.3, abs(dot(crack_n, r)));
    float under = 1e3;
    for (int k = 0; k < 3; k++) {
        float m = f.slope * dot(FACE_AWAY[k], middle.xz);
        under = min(under, min(f.tip_a[k] - m, f.tip_b[k] + m) - middle.y);
    }
    float bands = 0.5 + 0.5 * sin(under * 4.5 + 2.0 * sin(under * 1.3 + 30.0 * random));
    float milk = (1.3 * exp(-6.0 * high) + 0.03 + 0.30 * smoothstep(0.34, 0.66, grey)) * mix(0.65, 1.2, bands);
    float dense = 1.0 - exp(-0.30 * milk * far);

    float tone = 0.02 + 0.50 * high + 0.34 * (random - 0.5) + u_self[u_shape].y + 0.10 * bands;
    vec3 own = dress_own(picture, tone), body = mix(own, v_colour.rgb * (0.5 + 0.7 * grey), born);
    vec3 lamp = mix(mix(u_palette[2], u_palette[3], 0.30 + 0.6 * high), v_colour.rgb, born);
    vec3 hue = body / (max(body.r, max(body.g, body.b)) + 0.04), clear = mix(vec3(0.95), hue, 1.0 - exp(-(0.60 + 0.90 * high) * far));
    // Those around keep light from the roots.
    float open = mix(1.0, smoothstep(-0.10, 0.75, along + 0.15), 0.35 + 0.5 * v_state.z), lit = 0.55 * u_light + 0.65 * u_fill;
    float facing = max(dot(n, v_key), 0.0), wrap = 0.35 + 0.65 * max(dot(n, v_key) * 0.6 + 0.4, 0.0);
    vec3 light = mix(room * clear * mix(0.45, 1.05, wrap) * (0.25 + 0.6 * lit), body * wrap * lit * 0.62, dense) * open;
    light += mix(lamp, vec3(1.0), 0.25) * clear * (0.42 * crack * wrap + 0.10 * back_edge) * lit * open;
    // Along an edge behind, light that is thrown back comes out in the second colour.
    light += u_counter * (0.55 * back_edge * back_edge + 0.10 * thrown) * (1.0 - dense) * lit * open;
    // The key's light, gathered by the crystal, leaves on the side away from it.
    float gathered = max(dot(r, -v_key), 0.0);
    light += lamp * clear * gathered * gathered * 0.42 * u_light * open * (0.3 + high);
    // Light wells up from the root and gathers in the tip.
    float tip = smoothstep(0.50, 1.0, high), well = exp(-4.0 * high) * 0.4 + (1.1 + 0.7 * max(u_droop, 0.0)) * tip * tip;
    light += lamp * well * spirit * (0.35 + 0.9 * dense);
    // The skin: the room in it, the key's glint, the worn edges, and the light from behind.
    vec3 w = v_frame * n;
    float nv = max(dot(n, -d), 0.0), side = 1.0 - nv, fresnel = 0.10 + 0.90 * side * side * side * side * side;
    vec3 skin = environment_sharp(v_frame * reflect(d, n));
    light = mix(light, (skin * 0.25 + body * lit * 0.35 + lamp * (0.08 + 0.70 * facing * facing + 0.25 * high * high)) * open, 0.7 * edge);
    light += skin * fresnel * (0.4 + u_fill) * mix(0.4, 1.0, open);
    float rough = mix(0.08, 0.30, u_roughness);
    light += vec3(1.0, 0.96, 0.90) * min(ggx(n, -d, v_key, rough, 0.06) * facing, 0.9) * u_light * 1.5 * mix(0.3, 1.0, open);
    light += u_counter * side * side * max(dot(w, BEHIND) + 0.35, 0.0) * 1.25 * open;
    // One lamp: what is turned from it is dark.
    light *= mix(0.55, 1.22, smoothstep(-0.55, 0.75, dot(n, v_key)));
    light = own_tint(light, picture);
    // No single pixel of a thin edge burns; with nobody there all is half asleep.
    light *= mix(0.72, 1.0, max(u_presence, u_welcome)) * (1.0 + 0.6 * u_welcome) / (1.0 + 0.6 * max(dot(light, GREY) - 0.7, 0.0));
    // Depth is swallowed by the room; the likeness in the ground by the water; the root by the rock.
    light = mix(light, v_haze.rgb, v_haze.a);
    cover *= smoothstep(-0.02, 0.10, at.y * v_shape.w / 0.30 + 0.02);
    cover *= mix(1.0, 0.42 * bed_wet(grey) * exp(-3.5 * max(v_position.y - FLOOR, 0.0)) * smoothstep(FLOOR + 0.65, FLOOR + 0.45, v_position.y), likeness);
    f_colour = vec4(light * u_fade, u_fade) * cover;
}
