#version 330 core
// Where the picture changes as a flash does: of each cell which way its light, and its saturated red, turned last, and when.
// The memory of the picture before goes in, the new one comes out; nothing leaves the graphics card.
#include "lib/frame.glsl"
#include "lib/output/flash_turn.glsl"
uniform sampler2D u_source;
uniform sampler2D u_light_before, u_red_before, u_fell_before, u_changes_before;
uniform vec2 u_cells;
in vec2 v_uv;
// Just now: 0 it fell, 0.5 neither, 1 it rose, light in red and red in green; blue: how lately it flashed too often.
layout(location = 0) out vec4 f_changes;
layout(location = 1) out vec4 f_light;
layout(location = 2) out vec4 f_red;
layout(location = 3) out vec4 f_fell;  // seconds since light, and red, fell
// A little below what counts: a tenth of white where the darker is below 0.8; red 20 of 320 (WCAG 2.2).
const float LEAST = 0.09, FREE_FROM = 0.8, LEAST_RED = 0.055, SATURATED = 0.78;
const float AT_ONCE_S = 0.1, LATELY_S = 0.2;  // the parts of one flash come within a few pictures
// sRGB to linear light within 0.002 (Chilliant 2012): powers cost more than all the rest.
vec3 light_of(vec3 c) { return c * (c * (c * 0.305306011 + 0.682171111) + 0.012522878); }
float change(vec4 turns, float fell) {
    return turns.x > 0.0 ? (turns.y < AT_ONCE_S ? 1.0 : 0.5) : (fell < AT_ONCE_S ? 0.0 : 0.5);
}
void main() {
    vec2 size = vec2(textureSize(u_source, 0)) / u_cells;
    // Each look is the mean of up to four texels, of nine at most that it stands for.
    ivec2 looks = clamp(ivec2(ceil(size * 0.34)), 1, 8);
    vec3 mean = vec3(0.0);
    for (int y = 0; y < looks.y; y++) for (int x = 0; x < looks.x; x++) {
        vec2 away = (vec2(x, y) + 0.5) / vec2(looks) - 0.5;
        mean += light_of(texture(u_source, v_uv + away / u_cells).rgb);
    }
    mean /= float(looks.x * looks.y);
    ivec2 cell = ivec2(gl_FragCoord.xy);
    bool often = false, often_red = false;
    vec4 fell = texelFetch(u_fell_before, cell, 0);
    // What stays above it may change as it likes.
    float light = min(dot(mean, vec3(0.2126, 0.7152, 0.0722)), FREE_FROM + LEAST * 0.99);
    float red = max(mean.r - mean.g - mean.b, 0.0);
    f_light = flash_turn(light, LEAST, texelFetch(u_light_before, cell, 0), fell.x, often);
    f_red = flash_turn(red, LEAST_RED, texelFetch(u_red_before, cell, 0), fell.y, often_red);
    f_fell = fell;
    often = often || (often_red && mean.r > SATURATED * (mean.r + mean.g + mean.b));
    float lately = often ? 1.0 : u_dt > 0.0 ? texelFetch(u_changes_before, cell, 0).b - u_dt / LATELY_S : 0.0;
    f_changes = vec4(change(f_light, fell.x), change(f_red, fell.y), lately, 1.0);
}
