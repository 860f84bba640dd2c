// own_tint: light in the generated picture's own colours, as far as the picture is asked for at full strength. Needs lib/frame, light/shade.
// light, picture: linear RGB. Range: [0, inf), as bright as light. Idea: the light keeps its brightness and takes the picture's hue.
vec3 own_tint(vec3 light, vec3 picture) {
    const vec3 WEIGHTS = vec3(0.2126, 0.7152, 0.0722);
    vec3 hue = (picture + 0.01) / (dot(picture, WEIGHTS) + 0.01);
    return mix(light, dot(light, WEIGHTS) * hue, 0.85 * own_colours());
}
