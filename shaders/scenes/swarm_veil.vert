#version 330 core
// A cloth between the hands, which wears the picture; where no hands are seen it drifts round the middle of the dust.
#include "lib/frame.glsl"
#include "lib/view/to_clip.glsl"
#include "lib/motion/beat.glsl"
#include "lib/noise/swell3.glsl"

in vec2 in_uv;  // x from the upper edge to the hem in [-1, 1], y from the left hand to the right one in [0, 1]

out vec3 v_position;
out vec3 v_normal;
out vec2 v_uv;    // of the picture
out vec3 v_cloth; // along [0, 1], down [0, 1], how much cloth there is

vec4 left, right, chest;
float seen;

vec3 cloth(vec2 at) {
    float along = at.y, down = 0.5 + 0.5 * at.x, self = u_self[u_shape].x, size = u_place[u_shape].z, wild = 1.0 - u_symmetry;
    float side = mix(2.0 * along - 1.0, abs(2.0 * along - 1.0), u_symmetry * 0.7);
    // From hand to hand it passes behind the breast.
    vec3 a = left.xyz, c = right.xyz, b = chest.xyz + vec3(0.0, -0.02, -0.30);
    vec3 held = mix(mix(a, b, along), mix(b, c, along), along);
    float turn = 2.6 * (along - 0.5) + 0.16 * u_phase + self * 6.0, ring = mix(0.40, 0.85, u_spread) * size;
    vec3 loose = vec3(u_place[u_shape].xy, 0.0) + vec3(sin(turn), 0.16 * sin(2.0 * turn + 0.3 * u_phase), 0.8 * cos(turn)) * ring;
    vec3 p = mix(loose, held, seen);
    float hang = mix(0.42, 0.80, u_spread) * (0.55 + 0.45 * size) * (1.0 + 0.35 * u_pulse * beat(3.0 * along)) * (1.0 + 0.4 * u_welcome);
    // The hem: cut to tongues where there are thorns; heavy or floating up.
    float tongue = abs(fract(along * 7.0 + 0.25 * wild * sin(along * 19.0)) - 0.5) * 2.0;
    hang *= mix(1.0, 0.45 + 0.9 * tongue, u_spikiness) * sin(3.14159 * clamp(along, 0.0, 1.0)) * 0.8 + 0.2;
    // It hangs, or flies up like a sail; between the two it stands out towards the viewer for a moment only.
    float rise = mix(-0.62 + 0.5 * u_droop, 0.72 + 0.6 * u_droop, smoothstep(-0.16, -0.02, u_droop));
    vec3 fall = vec3(0.35 * u_twist * sin(3.0 * along + u_phase * 0.3) + 0.4 * (along - 0.5) * (1.0 - rise), -rise, 0.2 + 0.3 * abs(u_twist));
    p += fall * hang * down;
    vec3 wave = vec3(side * 2.3, down * 1.6 - 0.55 * u_phase, 0.3 * u_phase + self * 7.0);
    float blown = swell3(wave * 1.7) + (0.25 + u_turbulence) * swell3(wave * 4.1 + 2.0);
    p += vec3(0.25 * wild, 0.20, 1.0) * blown * (0.06 + 0.20 * u_turbulence + 0.06 * u_speed) * (0.25 + down) * sin(3.14159 * clamp(along, 0.03, 0.97));
    // Hands draw it after them.
    vec3 wind = mix(u_hands[2 * u_shape].xyz, u_hands[2 * u_shape + 1].xyz, along);
    return p - wind * 0.085 * down * (0.4 + down);
}

void main() {
    int first = u_shape * JOINTS;
    left = u_joints[first + LEFT_WRIST];
    right = u_joints[first + RIGHT_WRIST];
    chest = u_joints[first + CHEST];
    seen = smoothstep(0.2, 0.8, min(min(left.w, right.w), chest.w)) * smoothstep(0.2, 0.8, u_place[u_shape].w);
    vec3 p = cloth(in_uv);
    vec3 down = cloth(in_uv + vec2(0.06, 0.0)) - p, along = cloth(in_uv + vec2(0.0, 0.02)) - p;
    v_normal = normalize(cross(along, down) + vec3(0.0, 0.0, 1e-6));
    v_position = p + u_tremble * 0.012 * sin(u_phase * vec3(19.0, 23.0, 29.0) + in_uv.y * 30.0);
    v_uv = vec2(in_uv.y * 1.15, 0.30 * in_uv.x) + u_self[u_shape].x;
    // Cloth that turns its edge or is drawn thin lets less light come.
    v_cloth = vec3(in_uv.y, 0.5 + 0.5 * in_uv.x, mix(0.55, 1.0, u_place[u_shape].w));
    gl_Position = to_clip(v_position);
}
