#version 330 core
// A ribbon: a skin that light gets through, of the heart and of the room beyond it; fibres along it, veins that branch off, a thin rim.
#include "lib/frame.glsl"
#include "lib/texture/worn.glsl"
#include "lib/colour/ramp.glsl"
#include "lib/light/ggx.glsl"
#include "lib/light/octahedral.glsl"
#include "lib/light/environment.glsl"
#include "lib/light/shade.glsl"
#include "lib/motion/throb.glsl"
#include "lib/form/gesture.glsl"

in vec3 v_position;
flat in vec4 v_mood_a, v_mood_b;
in vec3 v_normal;
in vec4 v_body;
in vec4 v_heart;

out vec4 f_colour;

const vec3 BEHIND = vec3(0.42, 0.38, -0.82);

void main() {
    Mood m = mood_of(v_mood_a, v_mood_b);
    float along = v_body.x, across = v_body.y, random = v_body.w, lining = smoothstep(0.3, -0.3, v_body.z);
    vec3 v = normalize(vec3(0.0, 0.0, 3.4) - v_position), n = normalize(v_normal);
    n = dot(n, v) < 0.0 ? -n : n;
    // Where a ribbon is a few pixels wide its drawing would glitter.
    vec3 to_heart = v_heart.xyz - v_position;
    float drawn = smoothstep(0.75, 0.20, fwidth(across));
    n = normalize(mix(normalize(vec3(-to_heart.x, 0.01, -to_heart.z)), n, 0.40 + 0.60 * drawn));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, vec2(across * (0.07 + 0.15 * m.surprise) + random * 3.0, along * 0.75));
    float edge = smoothstep(0.55, 1.0, abs(across)) * drawn + 0.18 * (1.0 - drawn);
    // Fibres run along it; they fade where they would be finer than a pixel.
    float fibre = across * 9.0 + 0.6 * sin(along * 7.0 + 20.0 * random), fine = fwidth(fibre);
    float grain = (0.5 + 0.5 * sin(6.2831853 * fibre)) * (0.62 + 0.38 * sin(2.1 * fibre + 40.0 * random)) * smoothstep(0.5, 0.1, fine);
    // Veins branch off a rib to both sides, as in a fin or a petal.
    float branch = 15.0 * along - 1.9 * abs(across) + 0.5 * sin(23.0 * along + 30.0 * random), vein = smoothstep(0.34, 0.5, abs(fract(branch) - 0.5)) * smoothstep(0.45, 0.12, fwidth(branch));
    vein = max(vein * (1.0 - 0.5 * edge), drawn * exp(-70.0 * across * across)) * (1.0 - 0.7 * m.disgust);
    float tone = 0.08 + 0.52 * along * along + 0.16 * edge + 0.14 * (random - 0.5) + u_self[u_shape].y;
    tone += 0.28 * m.sad + m.angry * (0.34 + 0.40 * edge) + m.happy * (0.55 * along * along - 0.04) + 0.10 * m.disgust + 0.20 * m.fear + 0.10 * m.sleep;
    vec3 albedo = dress_own(picture, tone) * mix(0.85, 0.62, lining) * (1.0 - 0.30 * grain) * (1.0 - 0.34 * vein) * (0.80 + 0.45 * picture.g);
    // What rots: flesh in the second colour, and clear slime that runs over it, out of the lip and down the strands.
    float fold = 0.5 + 0.5 * sin(30.0 * along + 9.0 * random + 3.0 * across), flesh = m.disgust * smoothstep(0.74, 0.50, along + 0.22 * (random - 0.5));
    albedo = mix(albedo, (u_counter * 0.55 + u_palette[1] * 0.25) * (0.35 + 0.65 * fold), 0.85 * flesh * step(0.34, random));
    albedo = mix(albedo, mix(u_palette[2], u_palette[3], 0.35 + 0.65 * edge) * 0.8, m.disgust * smoothstep(0.52, 0.72, along));

    float far2 = dot(to_heart, to_heart), faces = dot(n, to_heart) * inversesqrt(far2 + 1e-4);
    float open = mix(0.45, 1.0, smoothstep(0.05, 0.45, far2)) * mix(1.0, 0.45, lining);
    vec3 light = shade(n, v, albedo, max(u_roughness, 0.22), open, open) * 0.75;
    // The heart lights the lining, and shines through the ribbons between it and the eye; the light from behind through all.
    float ember = 0.30 + 0.60 * throb(u_time * 0.7, 0.2);
    float core = 0.55 + 0.9 * u_glow + 1.3 * u_welcome * smoothstep(1.2, 0.6, u_welcome + 0.5 * along);
    core *= 0.8 + 0.5 * u_pulse * throb(u_phase * 1.6 + u_self[u_shape].x * 6.0, u_rhythm);
    core += 4.2 * m.sleep * ember + 2.8 * m.angry + 3.6 * m.fear + 2.2 * m.neutral + 3.2 * m.disgust + 0.9 * m.sad + 1.4 * m.surprise;
    float carries = max(m.surprise, 0.6 * max(m.neutral, max(m.disgust, m.fear)));
    core *= (0.30 + 0.70 * max(faces, 0.0) + (0.35 + 0.5 * m.neutral) * max(-faces, 0.0)) / (1.0 + mix(11.0, 4.0, carries) * far2);
    vec3 warm = mix(u_palette[2], u_palette[3], 0.6);
    // It is thinnest towards its edges, where most light comes through; veins hold it back.
    light += (albedo * 1.5 + (0.07 + 0.11 * m.neutral + 0.05 * m.happy) * warm) * warm * core * (1.0 - 0.20 * grain) * (1.0 - 0.35 * vein) * (0.80 + 0.75 * edge * edge);
    light += albedo * sqrt(albedo) * u_light * (0.7 + 1.2 * m.surprise) * max(dot(-n, BEHIND) * 0.6 + 0.2, 0.0) * (0.5 + 0.5 * edge);
    // Wax is wet.
    light += m.disgust * mix(u_palette[3], vec3(1.0), 0.4) * 1.5 * pow(max(dot(n, normalize(KEY + v)), 0.0), 30.0);
    // The rim is the whole form's: that of each ribbon would glitter.
    vec3 outward = normalize(vec3(-to_heart.x, -0.3 * to_heart.y, -to_heart.z) + 0.35 * n * sqrt(far2));
    float graze = 1.0 - abs(dot(outward, v)), g2 = graze * graze;
    float rim = 0.34 - 0.26 * m.sad + 1.5 * m.fear + 0.9 * m.sleep + 0.3 * m.disgust;
    rim *= 0.35 + 0.65 * drawn;
    light += u_counter * (rim * g2 * g2 * max(dot(outward, BEHIND) + 0.6, 0.0) * (1.0 - lining) + 0.06 * edge * (1.0 - 0.7 * m.sad)) * (0.4 + u_fill);
    light *= mix(0.55, 1.0, smoothstep(0.0, 0.3, along));
    light *= 1.0 + 0.8 * m.sleep + 0.55 * m.neutral + 0.7 * m.sad + 0.72 * m.happy * along * along;
    // What lies beyond shows through, bent and tinted; least at the rib and where it is seen from the side.
    float nv = dot(n, v), clear = (0.72 + 0.10 * m.sad - 0.45 * m.sleep - 0.58 * m.disgust - 0.40 * m.angry - 0.35 * m.fear) * nv * (0.45 + 0.55 * edge + 0.25 * along) * (1.0 - 0.5 * vein) * (1.0 - 0.3 * grain);
    vec3 beyond = textureLod(u_backdrop, HAZE_PLACE + n.xy * vec2(0.05, -0.06), 0.0).rgb, hue = (albedo + 0.02) / (max(albedo.r, max(albedo.g, albedo.b)) + 0.02);
    light = light * (1.0 - 0.45 * clear) + beyond * mix(vec3(1.0), hue, 0.7) * clear;
    light = haze(light, smoothstep(0.6, -1.2, v_position.z) * 0.85);
    // Where it turns away it is a film, and its outline has no steps.
    float film = mix(0.20, 1.0, smoothstep(0.0, 0.34, nv)) * mix(1.0, smoothstep(1.0, 0.90, along), 0.65 * (1.0 - m.disgust));
    f_colour = vec4(light, 1.0) * (u_fade * film);
}
