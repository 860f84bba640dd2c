// ground_clip, ground_ray: a wide land seen from above its middle. Needs lib/frame. A place is x to the right, y up, z
// ahead, in metres of its own; the eye stands at height GROUND_EYE over the middle, and the horizon lies HORIZON above
// the picture's middle. Idea: the lens is shifted instead of tilted (as a view camera's), so that the horizon stays
// level and upright things stay upright. Range: clip space, and unit vectors.
const float GROUND_EYE = 0.62, HORIZON = -0.06, LENS = 1.55;
vec4 ground_clip(vec3 place) {
    vec2 aspect = u_resolution.x > u_resolution.y ? vec2(u_resolution.y / u_resolution.x, 1.0)
                                                  : vec2(1.0, u_resolution.x / u_resolution.y);
    vec2 whole = (vec2(place.x, place.y - GROUND_EYE) * LENS + vec2(0.0, HORIZON * place.z)) * aspect;
    vec2 middle = (u_part.xy + 0.5 * u_part.zw) * 2.0 - 1.0;
    // Depth has no far end: the land runs to the horizon.
    return vec4((whole - middle * place.z) / u_part.zw, place.z - 0.2, place.z);
}
// Direction of the ray through a point of the picture (scene units); z ahead.
vec3 ground_ray(vec2 at) { return normalize(vec3(at.x, at.y - HORIZON, LENS)); }
