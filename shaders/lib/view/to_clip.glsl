// to_clip: a place in the room to clip space. Needs lib/frame.
// Range: the plane z = 0 has units of the picture's shorter half side, y up; z towards the viewer, who stands at EYE.
// Idea: a plain perspective whose middle plane keeps its size, cut to the part of the picture that is being drawn.
const float EYE = 3.4;
vec4 to_clip(vec3 p) {
    vec2 aspect = u_resolution.x > u_resolution.y ? vec2(u_resolution.y / u_resolution.x, 1.0)
                                                  : vec2(1.0, u_resolution.x / u_resolution.y);
    float w = EYE - p.z;
    vec2 whole = p.xy * aspect * EYE;
    vec2 middle = (u_part.xy + 0.5 * u_part.zw) * 2.0 - 1.0;
    // Depth from 0.1 to 12 in front of the eye.
    float z = (w * 12.1 - 2.4) / 11.9;
    return vec4((whole - middle * w) / u_part.zw, z, w);
}
