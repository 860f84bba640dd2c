#version 330 core
// A stroke of paint: hairs that draw lines, sides that waver, an end where the brush runs dry, and paint that stands up and shines.
#include "lib/frame.glsl"
#include "lib/noise/hash.glsl"
uniform float u_impasto;
in vec2 v_on;
flat in vec4 v_colour;
flat in vec4 v_brush;
flat in vec4 v_relief;
out vec4 f_colour;

float hair_of(float n) { return float(mix_bits(uint(int(n)) * 2u + 17u) >> 16) / 65536.0; }

void main() {
    float s = v_on.x, t = v_on.y, hairs = v_brush.y, load = v_brush.z, hard = v_brush.w, widths = v_relief.z;
    float x = (0.5 * t + 0.5) * hairs + v_brush.x * 31.0 + 0.14 * sin(1.4 * s * widths + v_brush.x), i = floor(x), f = x - i;
    float a = hair_of(i), b = hair_of(i + 1.0), hair = mix(a, b, f * f * (3.0 - 2.0 * f));
    // Sides: they waver, and the brush is lifted at the end.
    float waver = 0.12 * sin(1.3 * s * widths + 7.0 * v_brush.x) + 0.07 * sin(3.1 * s * widths + v_brush.x), soft = 1.0 - hard;
    float side = 1.0 - abs(t) - soft * (max(waver, 0.0) + 0.16 * hair + 0.35 * s * s * fract(v_brush.x * 3.7)), px = fwidth(t);
    float cover = smoothstep(0.0, max(1.4 * px, mix(0.34, 0.06, hard)), side);
    // Ends, in half widths: round where it was set down, torn by hairs where it ran dry.
    float arch = 0.55 * (1.0 - sqrt(max(1.0 - t * t, 0.0)));
    float begun = 2.0 * s * widths - arch - (0.2 + 0.5 * soft) * hair, left = 2.0 * (1.0 - s) * widths - arch - (0.3 + 2.2 * soft * (1.2 - load)) * hair;
    cover *= smoothstep(0.0, 0.35, begun) * smoothstep(0.0, mix(0.9, 0.25, hard), left);
    cover *= smoothstep(0.0, 0.25, 1.15 - s * (1.25 - load) * 1.6 - 0.55 * hair * (1.0 - 0.5 * load) * s);
    // What stands up towards the window is lit, and throws a shadow on its far side.
    float ridge = t * t * t * t * sign(t) * 0.9 * load;
    float slope = ((b - a) * 0.55 * smoothstep(2.0, 6.0, hairs) + ridge) * v_relief.x - 0.5 * exp(-3.0 * begun) * v_relief.y;
    float lit = 1.0 + clamp(0.34 * u_impasto * slope, -0.35, 0.5);
    vec3 light = v_colour.rgb * lit * (0.92 + 0.16 * hair) * (1.0 + 0.8 * u_welcome);
    float gloss = max(slope, 0.0);
    light += v_relief.w * gloss * gloss * (0.25 * v_colour.rgb + vec3(0.030, 0.029, 0.027));
    f_colour = vec4(light, 1.0) * cover * v_colour.a * u_fade;
}
