// shell_stand, shell_at, shell_rotate, shell_place, shell_slit: the large body of supershape: one closed skin round an axis, in each mood another sea
// creature's. Needs lib/frame, noise/swell3, motion/throb, place/floor, form/superformula, form/supershape, form/gesture, form/mirrored, form/apart.
// Range and units: the body's middle is 0, its radius about 1, y along its axis. t [0, 1] runs over the skin from its lower to its upper pole, a is the
// angle round the axis, radians. Idea: a profile for each mood (a lattice ball; a cup whose inside is the upper part of t; a bell whose inside is the lower
// part; a ball for spines; a pod with a slit; a slumped gourd; a dish that faces the viewer; an egg), mixed by its share, with the superformula's corners round the axis.
struct Shell { Mood mood; Mirrored of; Supershape form; vec3 root, heart; float size, heart_size, side, high, tilt, roll, turn, sum, swell; };
Shell shell_stand() {
    Shell s;
    Mood m = mood_now();
    Mirrored r = mirrored();
    float self = u_self[u_shape].x;
    s.mood = m;
    s.of = r;
    s.form = supershape_of_look(0.4 * self, u_feels[u_shape].xy);
    s.side = fract(self * 7.31) < 0.5 ? -1.0 : 1.0;
    s.sum = m.angry + m.disgust + m.fear + m.happy + m.sad + m.surprise + m.neutral + m.sleep + 1e-3;
    vec3 there = apart(0.92);
    float beat = u_pulse * 0.06 * (throb(u_phase * 1.6 + self * 6.0, u_rhythm) - 0.4) + 0.03 * m.sleep * sin(0.8 * u_time);
    s.size = u_place[u_shape].z * r.near * there.z * (1.0 + beat + 0.06 * u_welcome);
    // Who stands near does not push it out of the picture.
    s.size -= 0.75 * max(s.size - 0.80, 0.0);
    s.size *= (0.86 * m.angry + 0.94 * m.disgust + 0.74 * m.fear + 0.72 * m.happy + 0.80 * m.sad + 0.68 * m.surprise + 0.84 * m.neutral + 0.54 * m.sleep) / s.sum;
    // Who is alone has it beside the middle, and what lies behind is seen.
    float others = 0.0;
    for (int i = 0; i < u_people; i++) others += i == u_shape ? 0.0 : u_place[i].w;
    float aside = there.x + s.side * 0.36 * exp(-6.0 * there.x * there.x) * clamp(1.0 - others, 0.0, 1.0);
    s.root = vec3(aside * 1.22, place_floor_y() - 0.02, -0.75);
    s.high = (0.78 * m.angry + 0.80 * m.disgust + 0.92 * m.fear + 0.93 * m.happy + 1.62 * m.sad + 1.45 * m.surprise + 1.24 * m.neutral + 0.70 * m.sleep) / s.sum;
    s.high += 0.03 * sin(0.5 * u_phase + self * 9.0) * (m.sad + m.neutral) + 0.10 * r.lift;
    s.heart = vec3(0.0, -0.10 * m.happy + 0.20 * m.sad - 0.30 * m.surprise - 0.1 * m.disgust, 0.0) / s.sum;
    s.heart_size = (0.30 * m.angry + 0.30 * m.disgust + 0.30 * m.fear + 0.34 * m.happy + 0.22 * m.sad + 0.30 * m.surprise + 0.26 * m.neutral + 0.22 * m.sleep) / s.sum;
    s.tilt = (1.02 * m.surprise + 0.26 * m.happy + 0.10 * m.neutral + 0.10 * m.sad) / s.sum - 0.4 * r.look.y;
    s.roll = s.side * (0.16 * m.sad - 0.10 * m.happy + 0.16 * m.surprise) / s.sum + 0.34 * m.fear - 0.3 * r.look.x - 0.3 * r.lean + 0.03 * sin(u_phase * 0.31 + self * 9.0);
    // What has slumped stays level on the water.
    s.tilt *= 1.0 - 0.9 * m.disgust;
    s.roll *= 1.0 - 0.9 * m.disgust;
    s.turn = u_phase * 0.08 + 6.2831853 * self;
    s.swell = 1.0 + 0.20 * clamp(r.open + 0.5 * r.mouth, -0.8, 1.0);
    return s;
}
// shell_slit: how far a place is inside the pod's slit, 0 to 1; turned: its angle round the axis as it stands in the room. The slit faces the viewer.
float shell_slit(float phi, float turned, float wide) {
    float off = abs(mod(turned - 1.80 + 0.30 * sin(2.0 * phi + 0.6) + 3.14159265, 6.2831853) - 3.14159265), open = wide * cos(phi) * cos(phi);
    return smoothstep(open + 0.03, 0.0, off) * smoothstep(0.0, 0.4, cos(phi));
}
vec3 shell_at(float t, float a, Shell s) {
    Mood m = s.mood;
    float phi = 3.14159265 * (t - 0.5), cp = cos(phi), sp = sin(phi);
    vec3 d = vec3(cp * cos(a), sp, cp * sin(a));
    float slow = swell3(d * 1.3 + vec3(0.0, 0.10 * u_phase, 3.0 * s.side)), lumps = swell3(d * 2.6 + 0.06 * u_phase), uneven = swell3(vec3(1.3 * cos(a), 0.10 * u_phase, 1.3 * sin(a) + 3.0 * s.side));
    // Profiles: radius and height.
    vec3 formed = supershape(a, phi, s.form);
    vec2 ball = mix(vec2(cp, sp), 1.05 * vec2(length(formed.xz), formed.y), 0.40);
    float q = t < 0.6 ? t / 0.6 : (1.0 - t) / 0.4, inner = smoothstep(0.57, 0.63, t), lip = smoothstep(0.55, 1.0, q), foot = smoothstep(0.0, 0.10, q);
    float wave = cos(8.0 * a), fold = cos(12.0 * a + 2.0 * sin(3.0 * a));
    float up = -0.95 + 1.60 * q + 0.11 * wave * lip;
    vec2 cup = vec2((0.80 * sin(3.14159265 * (0.05 + 0.72 * q)) * foot + 0.52 * lip * sqrt(lip)) * (1.0 + 0.015 * cos(16.0 * a)) * (1.0 + 0.10 * wave * lip * lip), mix(up, max(up, -0.45), inner));
    cup.x = max(cup.x - 0.05 * inner, 0.0);
    float b = t < 0.4 ? 1.0 - t / 0.4 : (t - 0.4) / 0.6, under = smoothstep(0.42, 0.36, t), rim = (1.0 - b) * (1.0 - b) * (1.0 - b), runs = max(sin(3.0 * a + 1.0) * sin(5.0 * a), 0.0);
    vec2 bell = vec2(0.98 * pow(max(cos(1.5708 * b), 0.0), 0.72) * (1.0 - 0.10 * rim) - 0.04 * under, -0.20 + 0.86 * sin(1.5708 * b) - 0.10 * under * b - rim * (0.10 * (0.5 + 0.5 * cos(16.0 * a)) + 0.34 * runs * runs));
    bell.x = max(bell.x, 0.0) * (1.0 + 0.03 * cos(16.0 * a) * (1.0 - b)) * (1.0 + 0.07 * uneven * (1.0 - b));
    vec2 urchin = 0.70 * vec2(cp, sp) * (1.0 + 0.08 * lumps);
    float slit = shell_slit(phi, a + s.turn, 0.42), ribs = cos(16.0 * (a + 0.55 * phi));
    vec2 pod = vec2(0.54 * pow(max(cp, 0.0), 0.85) * (1.0 - 0.28 * sp) * (1.0 + 0.016 * ribs * cp) * (1.0 - 0.16 * slit * slit), 1.02 * sp);
    // Feet in its own slime, a waist, a belly that hangs over.
    float belly = smoothstep(-0.75, 0.15, sp), skirt = smoothstep(-0.45, -1.0, sp);
    vec2 gourd = vec2(pow(max(cp, 0.0), mix(0.60, 0.90, smoothstep(-0.2, 0.8, sp))) * (0.69 + 0.14 * belly - 0.20 * smoothstep(0.0, 1.0, sp) + (0.26 * slow + 0.12 * lumps) * smoothstep(-0.9, -0.2, sp)) + 0.50 * skirt * skirt * sqrt(max(cp, 0.0)) * (1.0 + 0.3 * uneven), 0.98 * sp + 0.22 * slow * belly * cp);
    float flare = q * q;
    vec2 dish = vec2((0.96 * pow(q, 0.72) + 0.16 * lip * lip) * (1.0 + 0.07 * wave * lip * lip) - 0.04 * inner * foot, -0.62 + 0.74 * flare + 0.10 * fold * lip * lip * lip - 0.06 * lip + 0.06 * inner);
    vec2 egg = vec2(0.62 * cp * (1.0 - 0.2 * sp), 0.78 * sp);
    vec2 p = (m.neutral * ball + m.happy * cup + m.sad * bell + m.angry * urchin + m.fear * pod + m.disgust * gourd + m.surprise * dish + (m.sleep + 1e-3) * egg) / s.sum;
    p *= s.swell;
    // It sags, or slumps to one side.
    vec3 at = vec3(p.x * cos(a), p.y, p.x * sin(a));
    at.y += m.sad * 0.16 * uneven * rim;
    at.x += s.side * 0.08 * m.disgust * (1.0 + sp) * (1.0 + sp);
    return at;
}
// shell_rotate: a direction or a place of the body, turned as it stands in the room.
vec3 shell_rotate(vec3 p, Shell s) {
    float turned = s.turn * (1.0 - 0.6 * s.mood.disgust), c = cos(turned), d = sin(turned);
    p.xz = mat2(c, d, -d, c) * p.xz;
    c = cos(s.tilt);
    d = sin(s.tilt);
    p.yz = mat2(c, d, -d, c) * p.yz;
    c = cos(s.roll);
    d = sin(s.roll);
    p.xy = mat2(c, d, -d, c) * p.xy;
    return p;
}
// shell_place: a place of the turned body to the room.
vec3 shell_place(vec3 p, Shell s) {
    p += (0.004 + 0.035 * u_turbulence) * sin(p.yzx * 4.0 + vec3(0.0, 2.1, 4.2) + u_phase * 0.7);
    p += (u_tremble * 0.008 + 0.008 * s.mood.fear) * sin(p.zxy * 9.0 + vec3(0.0, 1.0, 2.0) + u_phase * 15.0);
    return (p + vec3(0.0, s.high, 0.0)) * s.size + s.root;
}
