// raked: a carving in a museum's light: one lamp that rakes over it, a dim room, reflections. Needs lib/frame, light/ggx, light/environment, light/environment_soft,
// light/shade (KEY), mask/stuff. n, v unit vectors; open and lit [0, 1]: to the room, to the lamp. Range: linear RGB, [0, inf).
// Idea: a hard difference between the lit side and the other shows relief; metal takes its own colour into what it mirrors (Schlick 1994).
// RAKE: where that lamp stands: where the room's does, and lower to the face.
vec3 RAKE = normalize(KEY * vec3(1.75, 0.85, 0.80));
vec3 raked(vec3 n, vec3 v, Stuff s, float open, float lit) {
    float nl = dot(n, RAKE), nv = max(dot(n, v), 0.0), away = 1.0 - nv;
    vec3 f0 = mix(vec3(0.04), s.colour, s.metal), fresnel = f0 + (1.0 - f0) * away * away * away * away * away * (1.0 - s.rough);
    vec3 lamp = vec3(1.0, 0.95, 0.87) * u_light * lit, own = s.colour * (1.0 - s.metal);
    vec3 light = own * max((nl + 0.10) / 1.10, 0.0) * lamp * 2.1;
    light += f0 * (25.0 * ggx(n, v, RAKE, s.rough, 0.04) * max(nl, 0.0)) * lamp * 1.1;
    light += (own * environment_soft(n) * 0.38 + fresnel * environment(reflect(-v, n), s.rough) * mix(1.0, 1.5, s.metal)) * u_fill * open;
    return light;
}
