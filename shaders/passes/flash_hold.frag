#version 330 core
// How far the picture is held back where it flashes, for fields of ten degrees (a third of the picture each way): where a quarter
// of a field flashes more than three times a second, be it the same cells that do, or the field's light that rises and falls.
#include "lib/frame.glsl"
uniform sampler2D u_source;  // what changes now, see flashes.frag
uniform sampler2D u_fields_before, u_red_before, u_hold_before;
in vec2 v_uv;
layout(location = 0) out vec4 f_hold;    // red: share of the picture before that stays; green: the hold
layout(location = 1) out vec4 f_fields;  // of the field's light: x which way, y z w seconds since the last three rises, newest first
layout(location = 2) out vec4 f_red;     // the same of its red
const float FIELD = 1.0 / 3.0, AREA = 0.2;  // a little below the quarter that counts
const float SECOND_S = 1.04, HELD_S = 1.0, STAY_S = 1.2, GO_S = 1.2;
const int LOOKS = 8;
vec4 changed(vec4 before, float share, inout bool spent) {
    if (u_dt <= 0.0) return vec4(0.0, vec3(60.0));  // a still
    vec3 ages = min(before.yzw + u_dt, 60.0);
    if (before.x <= 0.0 && share >= AREA) {
        spent = spent || ages.z < SECOND_S;
        return vec4(1.0, 0.0, ages.xy);
    }
    return vec4(before.x > 0.0 && share <= -AREA ? -1.0 : before.x, ages);
}
void main() {
    // The field round this place, moved into the picture.
    vec2 middle = clamp(v_uv, FIELD * 0.5, 1.0 - FIELD * 0.5);
    vec3 share = vec3(0.0);
    for (int y = 0; y < LOOKS; y++) for (int x = 0; x < LOOKS; x++)
        share += texture(u_source, middle + ((vec2(x, y) + 0.5) / float(LOOKS) - 0.5) * FIELD).rgb;
    share /= float(LOOKS * LOOKS);
    ivec2 field = ivec2(gl_FragCoord.xy);
    bool spent = share.z > AREA;
    f_fields = changed(texelFetch(u_fields_before, field, 0), 2.0 * share.x - 1.0, spent);
    f_red = changed(texelFetch(u_red_before, field, 0), 2.0 * share.y - 1.0, spent);
    float hold = spent ? 1.0 : max(texelFetch(u_hold_before, field, 0).g - u_dt / (STAY_S + GO_S), 0.0);
    if (u_dt <= 0.0) hold = 0.0;
    // A long exposure: a mean over about HELD_S leaves less than a tenth of what flashes three times a second and more.
    f_hold = vec4(min(hold * (STAY_S + GO_S) / GO_S, 1.0) * exp(-u_dt / HELD_S), hold, 0.0, 1.0);
}
