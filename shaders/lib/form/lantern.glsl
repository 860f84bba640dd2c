// lantern_stand, lantern_path, lantern_place, lantern_round: the large form of supershape: ribbons that grow out of the floor as one twisted stalk
// and part round a body of light. Needs lib/frame, motion/throb, form/superformula, form/supershape, form/gesture, form/mirrored, form/apart.
// Range and units of the form: 0 the floor, about 1 the body's middle, 2 the crown. Idea: one path of a ribbon for each mood (a vase; a crown that
// flies up; a willow that hangs; blades; a cocoon with a crack;
// a pitcher whose lip runs down in strands; two rings of petals; a seed), as radius, height and turn, mixed by its share.
struct Lantern { Mood mood; Mirrored of; Supershape form; vec3 root; float size, side, heart, heart_size, tilt, beat, layer; vec2 lean; };
Lantern lantern_stand() {
    Lantern l;
    Mood m = mood_now();
    Mirrored r = mirrored();
    float self = u_self[u_shape].x;
    l.mood = m;
    l.layer = 0.0;
    l.of = r;
    l.form = supershape_of_look(0.4 * self, u_feels[u_shape].xy);
    l.side = fract(self * 7.31) < 0.5 ? -1.0 : 1.0;
    vec3 there = apart(0.74);
    l.beat = u_pulse * 0.10 * (throb(u_phase * 1.6 + self * 6.0, u_rhythm) - 0.4) + 0.02 * m.sleep * sin(0.8 * u_time);
    l.size = 0.92 * u_place[u_shape].z * r.near * there.z * (1.0 + l.beat + 0.06 * u_welcome);
    l.size *= 1.0 + 0.16 * m.sleep + 0.10 * (m.sad + m.fear) + 0.22 * m.angry + 0.12 * m.disgust + 0.02 * m.neutral;
    // Who stands near does not push its crown out of the picture.
    l.size -= mix(0.6, 0.9, m.neutral) * max(l.size - 0.76 - 0.30 * max(m.fear, m.disgust) - 0.06 * m.sad, 0.0);
    l.root = vec3(there.x, place_floor_y() - 0.06, -0.1);
    float sum = m.angry + m.disgust + m.fear + m.happy + m.sad + m.surprise + m.neutral + m.sleep + 1e-3;
    l.heart = (0.88 * m.angry + 0.72 * m.disgust + 0.60 * m.fear + 0.84 * m.happy + 1.10 * m.sad + 1.02 * m.surprise + 1.14 * m.neutral + 0.98 * m.sleep) / sum;
    l.heart_size = (0.22 * m.angry + 0.26 * m.disgust + 0.22 * m.fear + 0.26 * m.happy + 0.12 * m.sad + 0.31 * m.surprise + 0.26 * m.neutral + 0.20 * m.sleep) / sum;
    l.tilt = (1.25 * m.surprise + 0.30 * m.happy + 0.45 * m.angry + 0.12 * m.neutral + 0.34 * m.disgust) / sum - 0.5 * r.look.y;
    float sway = 0.05 * sin(u_phase * 0.31 + self * 9.0) + 0.02 * sin(u_phase * 0.83);
    l.lean = vec2(l.side * (0.10 * m.angry - 0.09 * m.disgust + 0.10 * m.sad) - 0.32 * m.fear + sway + 0.35 * r.look.x + 0.3 * r.lean, 0.05);
    return l;
}
// lantern_path: radius, height and turn of a ribbon at s [0, 1] of its way. angle: where it stands round the axis; lot: two random numbers.
vec3 lantern_path(float s, float angle, vec2 lot, Lantern l) {
    Mood m = l.mood;
    float grown = smoothstep(0.08, 0.32, s), q = clamp((s - 0.16) / 0.84, 0.0, 1.0), open = u_spread + 0.6 * l.of.open + 0.3 * u_welcome;
    float sum = m.angry + m.disgust + m.fear + m.happy + m.sad + m.surprise + m.neutral + m.sleep + 1e-3;
    // A chalice: its inner leaves stand tall and lean in over the light, its outer ones are shorter and open; or closed, a seed.
    vec3 p = supershape(angle, mix(-1.40, mix(1.50, 1.22 - 0.30 * lot.x - 0.62 * l.layer * (0.6 + 0.4 * lot.y), m.neutral), q), l.form);
    float lip = smoothstep(0.66, 1.0, q), mouth = (0.16 + 0.34 * l.of.mouth + 0.18 * open) * lip * lip, round_r = length(p.xz);
    float laid = l.layer * q * q * q * (0.30 + 0.26 * lot.x);
    vec3 vase = vec3((0.66 + 0.17 * l.layer) * round_r + mouth * (0.10 + 0.55 * lot.y) + laid, mix(1.6 * s, 0.98 + 0.72 * p.y + (0.10 + 0.46 * lot.y * (1.0 - 0.7 * l.layer)) * lip - 0.30 * laid, grown), 1.1 * s);
    vec3 seed = vec3(0.48 * round_r * sqrt(1.0 - 0.92 * q * q), mix(1.6 * s, 0.98 + 0.74 * p.y + 0.22 * q * q * q, grown), 1.2 * s);
    // A crown: a waist, then all fly up and out and curl over.
    float fly = smoothstep(0.42, 1.0, s);
    vec3 crown = vec3(0.46 * (0.84 + 0.26 * lot.y) * sin(3.14159265 * clamp((s - 0.08) / 0.62, 0.0, 1.0)) + (0.62 + 0.40 * lot.y) * fly * fly,
                      1.30 * s + (0.42 + 0.30 * lot.x) * fly - 0.30 * smoothstep(0.80, 1.0, s) * lot.y + 0.05 * sin(9.0 * s - 1.4 * u_phase + 6.0 * lot.x) * fly,
                      0.5 * s + 0.35 * fly * sin(u_phase * 0.4 + 6.0 * lot.y));
    // A willow: up, over and down, to the floor.
    float over = clamp((s - 0.28) / 0.36, 0.0, 1.0), down = smoothstep(0.40, 0.58, s) * clamp((s - 0.46) / 0.54, 0.0, 1.0), bow = 3.14159265 * over;
    vec3 willow = vec3((0.13 + 0.22 * lot.x) * (1.0 - cos(bow)) + 0.04 * sin(5.0 * s + 0.6 * u_phase + 9.0 * lot.y) * down,
                       smoothstep(-0.42, 0.42, s) * 2.6 - 1.30 + (0.16 + 0.12 * lot.x) * sin(bow) - down * (0.62 + 0.72 * lot.y), 0.4 * min(s, 0.4));
    // Blades: a burst out of the heart to all sides, longest where it thrusts to.
    float thrust = 0.5 + 0.5 * cos(angle + u_phase * 0.10 + u_self[u_shape].x * 6.2831853 - (l.side > 0.0 ? 0.3 : 2.84));
    // Those that would stab at the eye, where one sees their ends only, rise.
    float front = max(sin(angle + u_phase * 0.10 + u_self[u_shape].x * 6.2831853), 0.0);
    float out_by = clamp((s - 0.20) / 0.80, 0.0, 1.0), zig = 0.25 * sin(12.5663706 * s + 6.2831853 * lot.x);
    float climb = mix(mix(0.40, 0.85, l.layer), mix(0.95, 1.45, l.layer), mix(lot.x, 1.0, 0.5 * front)), stab = (0.56 + 0.42 * lot.y * lot.y + 0.16 * thrust) * out_by;
    vec3 blades = vec3(stab * cos(climb),
                       3.1 * min(s, 0.25) + stab * (1.05 * sin(climb) + 0.16 * out_by), 0.06 * zig * out_by);
    // A cocoon, wound tight, that stoops.
    float belly = sin(3.14159265 * clamp(pow(s, 0.66) * 0.96 + 0.035, 0.0, 1.0));
    vec3 cocoon = vec3(0.42 * pow(belly, 0.80), 0.02 + 1.26 * s, 1.0 * s + 0.3 * lot.x * s);
    // A pitcher: roots, a waist, a belly that sags, a lip that curls over and runs down in strands.
    float climbs = clamp((s - 0.08) / 0.50, 0.0, 1.0), curls = smoothstep(0.54, 0.74, s), hangs = pow(clamp((s - 0.62) / 0.38, 0.0, 1.0), 1.4);
    float lumps = sin(11.0 * s + 6.2831853 * lot.x + 0.2 * u_phase) * sin(7.0 * s + 9.0 * lot.y);
    vec3 pitcher = vec3(mix(0.52 + 0.30 * lot.x, 0.14, smoothstep(0.0, 0.16, s)) + 0.30 * sin(3.14159265 * climbs * climbs * 0.9 + 0.3) * climbs
                            + (0.26 + 0.18 * lot.x) * curls + 0.045 * lumps * (1.0 - hangs),
                        0.02 + 1.12 * climbs + (0.10 + 0.10 * lot.x) * sin(3.14159265 * clamp((s - 0.56) / 0.22, 0.0, 1.0))
                            - hangs * (0.16 + 1.0 * lot.y * lot.y), 0.5 * min(s, 0.7) + 0.20 * lumps * (1.0 - hangs));
    // Two rings of petals round the light: the inner one cupped before it, the outer one laid back.
    float ray = clamp((s - 0.26) / 0.74, 0.0, 1.0), bowl = ray * ray;
    vec3 rays = vec3(mix(0.04, 0.10, smoothstep(0.2, 0.3, s)) + mix(0.80 + 0.10 * lot.x, 0.50, l.layer) * ray,
                     min(4.0 * s, 1.0) * (1.0 - 0.03 * l.layer) + mix(-0.02 + 0.08 * ray - 0.26 * bowl * ray, 0.06 + 0.22 * ray, l.layer) * smoothstep(0.2, 0.4, s), 0.1);
    vec3 path = m.neutral * vase + m.sleep * seed + m.happy * crown + m.sad * willow + m.angry * blades + m.fear * cocoon + m.disgust * pitcher + m.surprise * rays;
    path += 1e-3 * vase;
    path /= sum;
    path.xy += 0.12 * l.of.frown * zig * grown * (1.0 - max(m.surprise, m.disgust));
    // All but the pitcher and the cocoon stand on one stalk.
    float stalk = (1.0 - grown) * (1.0 - m.disgust) * (1.0 - m.fear);
    path.x = mix(path.x, 0.035 - 0.012 * s, stalk);
    // Roots run out over the floor, each its own way.
    float root = max(1.0 - s / (0.10 + 0.04 * lot.x), 0.0) * (1.0 - m.disgust) * (1.0 - m.fear);
    path.x += (0.08 + 0.30 * lot.y * lot.y) * root * root;
    path.y += (0.03 - 0.05 * root) * root;
    path.z += 1.1 * (lot.x - 0.5) * root;
    path.z += u_twist * 0.9 * mix(s, min(s, 0.7), m.disgust) + 1.3 * smoothstep(0.3, 0.0, s) + 0.20 * (1.0 - u_symmetry) * (lot.y - 0.5);
    path.x *= 1.0 + 0.22 * l.of.open * grown + 0.10 * l.of.lift;
    path.y *= 1.0 + 0.12 * l.of.lift;
    return path;
}
// lantern_place: a point of the form to its place in the room; soft [0, 1] how far it is off the stalk and tilts with the body.
vec3 lantern_place(vec3 p, float soft, Lantern l) {
    // The body tilts towards the viewer about its heart.
    float tilt = l.tilt * soft, c = cos(tilt), s = sin(tilt);
    p.y -= l.heart;
    p.yz = mat2(c, s, -s, c) * p.yz;
    p.y += l.heart;
    p.xz += l.lean * p.y * abs(p.y) * 0.7;
    p += (0.004 + 0.040 * u_turbulence) * sin(p.yzx * 5.0 + vec3(0.0, 2.1, 4.2) + u_phase * 0.7) * min(p.y, 1.0);
    p += (u_tremble * 0.010 + 0.012 * l.mood.fear) * sin(p.zxy * 9.0 + vec3(0.0, 1.0, 2.0) + u_phase * 15.0) * min(p.y, 1.0);
    return p * l.size + l.root;
}
vec3 lantern_round(vec3 path, float angle) {
    float turned = angle + path.z + u_phase * 0.10 + u_self[u_shape].x * 6.2831853;
    return vec3(path.x * cos(turned), path.y, path.x * sin(turned));
}
// lantern_crack: how far a place round the axis is inside the cocoon's crack, which faces the viewer, 0 to 1.
float lantern_crack(float s, float turned, Lantern l) {
    float off = abs(mod(turned - 1.42 + 0.30 * sin(5.0 * s) + 3.14159265, 6.2831853) - 3.14159265);
    return smoothstep(0.54, 0.18, off) * smoothstep(0.06, 0.22, s) * smoothstep(0.96, 0.75, s) * smoothstep(0.3, 0.8, l.mood.fear);
}
