// shell_skin: a vertex of the skin of supershape's large body, with all that supershape.frag takes. Needs lib/frame, motion/throb, view/to_clip, form/shell.
// x: round the axis in [-1, 1], its sign says which side is the front; t: from its lower pole 0 to its upper one 1; share: factor on its size; layer: 0
// what is turned away, 1 the lattice within, 2 what is turned to the eye. Idea: slopes from three places, two of them beside the first.
out vec3 v_position;
out vec3 v_normal;
out vec3 v_east;     // along the skin, round the axis
out vec2 v_way;      // t, the angle over its whole turn
flat out vec4 v_mood_a, v_mood_b;
flat out vec4 v_heart;
flat out vec4 v_numbers;  // how bright the heart is; how much of it comes through; how clear the skin is; how bright its cracks are
flat out float v_size, v_layer, v_turn;  // the layer; how far it is turned

void shell_skin(Shell s, float x, float t, float share, float layer) {
    float a = 3.14159265 * x, e = t < 0.5 ? 0.018 : -0.018;
    // The poles lie closer than they look.
    t = clamp(t, 0.002, 0.998);
    vec3 p = shell_at(t, a, s), east = shell_at(t, a + 0.036, s) - p, north = (shell_at(t + e, a, s) - p) * sign(e), n = cross(north, east);
    v_normal = shell_rotate(dot(n, n) > 1e-12 ? normalize(n) : vec3(0.0, sign(t - 0.5), 0.0), s);
    v_east = shell_rotate(east + 1e-5, s);
    v_position = shell_place(shell_rotate(p * share, s), s);
    v_way = vec2(t, 0.5 * x);
    v_turn = s.turn;
    v_mood_a = vec4(s.mood.angry, s.mood.disgust, s.mood.fear, s.mood.happy);
    v_mood_b = vec4(s.mood.sad, s.mood.surprise, s.mood.neutral, s.mood.sleep);
    v_heart = vec4(shell_place(shell_rotate(s.heart, s), s), s.heart_size);
    float core = 0.50 + 0.8 * u_glow + 1.9 * u_welcome + 2.2 * s.mood.sleep * (0.3 + 0.6 * throb(u_time * 0.7, 0.2)) + 1.6 * s.mood.neutral + 0.3 * s.mood.happy + 1.2 * s.mood.surprise + 1.8 * s.mood.sad + 1.0 * s.mood.fear + 0.4 * s.mood.disgust;
    core *= 0.8 + 0.5 * u_pulse * throb(u_phase * 1.6 + u_self[u_shape].x * 6.0, u_rhythm);
    Mood m = s.mood;
    v_numbers = vec4(core, 0.55 * m.happy + 0.85 * m.sad + 0.35 * m.surprise + 0.18 * m.disgust + 0.30 * m.sleep + 0.10 * m.neutral + 0.06 * m.fear, 0.95 * m.sad + 0.55 * m.happy + 0.35 * m.surprise + 0.25 * m.sleep, 0.8 + 0.4 * u_pulse * throb(u_phase * 1.6, u_rhythm));
    v_size = s.size;
    v_layer = layer;
    gl_Position = to_clip(v_position);
}
