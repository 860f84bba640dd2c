#version 330 core
// The sky and the water that mirrors it: a coarse grid, for its colours change slowly.
#include "lib/frame.glsl"
#include "lib/form/moods.glsl"
#include "lib/colour/as_seen.glsl"
#include "lib/land/lay.glsl"
#include "lib/land/air.glsl"
in vec2 in_uv;
out vec2 v_at;
out vec3 v_air;
out vec3 v_strip;  // cold light under a cloud
flat out vec4 v_first, v_last;
flat out vec3 v_sun;
void main() {
    moods_here();
    v_first = moods_first();
    v_last = moods_last();
    v_sun = sun_here();
    v_at = vec2(in_uv.x, in_uv.y * 2.0 - 1.0) * half_picture();
    // A row of the grid lies on the shore.
    float row = round((SHORE / half_picture().y * 0.5 + 0.5) * 24.0) / 24.0;
    v_at.y += abs(in_uv.y - row) < 0.01 ? SHORE - v_at.y : 0.0;
    v_air = air(vec2(v_at.x, abs(v_at.y - SHORE) + SHORE), v_sun);
    v_strip = vec3(0.0);
    vec2 up = vec2(v_at.x, abs(v_at.y - SHORE) + SHORE);
    if (MOOD[FEAR] > 0.01) {
        // A great dark bank hangs low; only a strip of cold light is left under it.
        float under = 0.16 + 0.10 * sin(1.3 * up.x + 0.6) + 0.06 * sin(3.7 * up.x + 0.07 * u_phase), bank = smoothstep(-0.14, 0.16, up.y - under), off = up.x - v_sun.x;
        v_air = mix(v_air, u_palette[0] * 0.8 + u_palette[1] * 0.25, bank * 0.94 * MOOD[FEAR]);
        v_strip = MOOD[FEAR] * mix(u_counter, u_palette[3], 0.5) * exp(-pow((up.y - SHORE - 0.12) / 0.16, 2.0)) * (0.25 + exp(-1.6 * off * off)) * (1.0 - bank) * 1.15;
    }
    if (MOOD[SAD] > 0.01) {
        // Rain hangs out of the clouds in veils.
        float fall = up.x + 0.10 * up.y, veils = 0.5 + 0.5 * sin(2.3 * fall + 1.0 + 0.02 * u_phase) * sin(5.9 * fall + 0.3);
        v_air *= 1.0 - MOOD[SAD] * 0.60 * veils * veils * smoothstep(-0.2, 0.7, up.y);
    }
    gl_Position = land_clip(v_at);
}
