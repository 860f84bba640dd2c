// Curtains of painted light that hang in the dark, one behind the other. Hands part them, an emotion folds them.
// A scene of one file: docs/shaders.md explains how it works, and how to make another.
#define LINEAR
#define COVER
#include "lib/colour/ramp.glsl"
#include "lib/motion/throb.glsl"

uniform float u_curtains, u_height;

// How far along its cloth a curtain is at x, and where its hem hangs. Folds run together and apart: what lies close in x
// can be far apart on the cloth, and there the light is thick.
vec3 cloth(float x, float seed) {
    float t = u_phase * 0.16, wide = mix(2.6, 1.3, u_spread), wild = 1.0 - u_symmetry;
    float at = x * wide + 0.9 * u_twist * sin(x * 0.8 + t) + seed * 3.7;
    float fold = 0.55 * sin(at + t) + 0.30 * sin(2.3 * at - 1.3 * t + seed) + (0.12 + 0.5 * u_turbulence) * 0.6 * sin(4.1 * at + 2.1 * t + 2.0 * seed);
    float thick = abs(cos(at + t) * 0.55 + 0.69 * cos(2.3 * at - 1.3 * t + seed) + (0.3 + u_turbulence) * cos(4.1 * at + 2.1 * t + 2.0 * seed));
    float hem = 0.17 * fold + wild * 0.14 * sin(1.3 * x + seed * 5.0 + 0.7 * t);
    return vec3(at + 0.8 * fold, hem, 1.0 / (0.32 + thick));
}

void mainImage(out vec4 colour, in vec2 place) {
    vec2 p = (2.0 * place - iResolution.xy) / min(iResolution.x, iResolution.y);
    p += u_tremble * 0.012 * sin(vec2(31.0, 23.0) * u_phase + p.yx * 14.0);

    // Hands part the curtains and are lit by them; a visitor's light stands where the visitor does.
    float parted = 0.0, touched = 0.0, near = 0.0;
    for (int i = 0; i < u_people; i++) {
        float away = (p.x - u_place[i].x) / (0.35 + 0.5 * u_place[i].z);
        near += u_place[i].w * exp(-away * away);
        for (int hand = LEFT_WRIST; hand <= RIGHT_WRIST; hand++) {
            vec4 joint = u_joints[i * JOINTS + hand];
            vec2 from = p - joint.xy;
            float reach = joint.w * u_place[i].w * exp(-7.0 * dot(from, from));
            parted += reach * from.x;
            touched += reach;
        }
    }
    float pulse = 1.0 + 0.55 * u_pulse * (throb(u_phase * 1.5, u_rhythm) - 0.35);
    float lit = (0.30 + 0.42 * u_light + 0.30 * u_fill + 0.55 * u_glow) * mix(0.30, 0.62 + 0.55 * min(near, 1.3), u_presence);
    float count = mix(3.0, u_curtains, u_detail), tall = u_height * mix(0.34, 0.62, u_spread) * pulse;
    vec3 light = vec3(0.0);
    float cover = 0.0;
    for (int n = 0; n < int(ceil(count)); n++) {
        // From the farthest to the nearest; the last one fades as the quality changes.
        float seed = float(n) * 1.618 + u_self[0].x, far = 1.0 - (float(n) + 0.5) / count, share = clamp(count - float(n), 0.0, 1.0);
        float scale = mix(0.75, 1.6, far);
        vec3 on = cloth((p.x - 0.9 * parted) * scale + 0.15 * sin(0.1 * iTime + seed), seed);
        float hem = on.y + 0.46 * far - 0.42 - 0.10 * u_droop * (1.0 - far) - 0.25 * touched * (1.0 - far);
        // Light stands on the hem and thins out away from it: upwards, or down like rain where all hangs.
        float hang = smoothstep(0.25, 0.75, u_droop), up = (p.y - hem) * mix(1.0, -1.0, hang) + hang * 0.55, high = up * scale / tall;
        if (high < -0.25 || high > 5.0) continue;
        // Threads of the cloth: soft pleats, or blades of different length.
        float pleat = 0.5 + 0.5 * sin(on.x * 11.0 + 2.0 * sin(on.x * 3.1 + seed)), blade = pow(pleat, mix(1.0, 5.0, u_spikiness));
        float length_of = mix(1.0, 0.35 + 1.5 * blade, 0.35 + 0.65 * u_spikiness);
        float body = smoothstep(-0.10 - 0.10 * u_roughness, 0.10, high) * exp(-max(high, 0.0) * 1.35 / length_of);
        if (body < 0.004) continue;
        vec3 picture = textureLod(iChannel0, vec2(on.x * 0.21, high * 0.17 + 0.37 * seed), 1.0 + 1.5 * far).rgb;
        float grey = sqrt(dot(picture, vec3(0.2126, 0.7152, 0.0722)));
        float tone = clamp(0.18 + 0.75 * exp(-high * 2.2) * (0.6 + 0.4 * blade) + (grey - 0.5) * 0.7 * u_texture_amount, 0.0, 1.0);
        // At full strength the picture keeps its own colours.
        float own = smoothstep(0.70, 1.0, u_texture_amount);
        vec3 dye = mix(ramp(u_palette, tone), picture * mix(u_palette[2] + u_palette[3], vec3(1.2), own), mix(0.38 * u_texture_amount, 1.0, own));
        float bright = body * on.z * (0.30 + 0.70 * blade) * mix(1.0, 0.25 + 1.5 * grey * grey, u_texture_amount) * share;
        bright *= mix(1.0, 0.45, far) * (1.0 - 0.6 * u_fog * far) / sqrt(count);
        light += dye * bright * lit * (1.45 + 2.0 * touched + 1.5 * u_welcome);
        cover = max(cover, body * share * 0.30);
    }
    light = light / (1.0 + 0.18 * light);
    colour = vec4(light, cover);
}
