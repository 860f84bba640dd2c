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
    float s = v_on.x, t = v_on.y, hairs = v_brush.y, load = v_brush.z, soft = 1.0 - v_brush.w, widths = v_relief.z, t2 = t * t;
    float wave = sin(1.4 * s * widths + v_brush.x);
    float x = (0.5 * t + 0.5) * hairs + v_brush.x * 31.0 + 0.14 * wave, i = floor(x), f = x - i;
    float a = hair_of(i), b = hair_of(i + 1.0), hair = mix(a, b, f * f * (3.0 - 2.0 * f));
    // Sides: they waver, and the brush is lifted at the end.
    float side = 1.0 - abs(t) - soft * (0.12 * max(wave, 0.0) + 0.18 * hair + 0.5 * s * s * fract(v_brush.x * 3.7)), px = fwidth(t);
    float cover = clamp(side / max(1.4 * px, mix(0.30, 0.06, v_brush.w)), 0.0, 1.0);
    // Ends, in half widths: round where it was set down, torn by hairs where it ran dry.
    float arch = 0.3 * t2 + 0.25 * t2 * t2;
    float begun = 2.0 * s * widths - arch - (0.2 + 0.5 * soft) * hair, left = 2.0 * (1.0 - s) * widths - arch - (0.5 + 3.0 * soft * (1.2 - load)) * hair;
    cover *= clamp(3.0 * begun, 0.0, 1.0) * clamp(left / (0.25 + 0.65 * soft), 0.0, 1.0);
    cover *= clamp(4.0 * (1.15 - s * (1.25 - load) * 1.6 - 0.55 * hair * (1.0 - 0.5 * load) * s), 0.0, 1.0);
    // What stands up towards the window is lit, and throws a shadow on its far side; where the brush was set down and lifted off paint lies highest.
    float heaped = max(1.0 - 0.6 * left, 0.0) - max(1.0 - 0.8 * begun, 0.0);
    float slope = ((b - a) * 0.75 * clamp(0.25 * hairs - 0.5, 0.0, 1.0) + t2 * t * 0.9 * load) * v_relief.x + 0.6 * heaped * load * v_relief.y;
    vec3 light = v_colour.rgb * ((1.0 + clamp(0.42 * u_impasto * slope, -0.42, 0.6)) * (0.90 + 0.20 * hair) * (1.0 + 0.8 * u_welcome));
    float gloss = max(slope, 0.0);
    light += v_relief.w * gloss * gloss * (0.30 * v_colour.rgb + vec3(0.026, 0.025, 0.024));
    f_colour = vec4(light, 1.0) * cover * v_colour.a * u_fade;
}
