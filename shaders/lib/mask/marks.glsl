// mask_marks: what is cut into the skin of a mask: scars, furrows, tears, cracks, clots. Needs mask/rig (face, mood), mask/openings,
// noise/swell3, lib/frame. q in units of the face's half height. Returns x how deep [-0.06, 0.06], y how far a place is a cut line [0, 1].
// Idea: lines that follow a form are the bands of a distance to it; each mood has its own.
vec2 mask_marks(vec2 q) {
    float ax = abs(q.x), on = smoothstep(0.2, 0.6, mood[1].w) * (0.5 + 0.5 * mood[1].w);
    float lines = 0.0, deep = 0.0;
    // Scars on cheek and brow, in every mood: arcs round the eye.
    float ring = length((vec2(ax, q.y) - vec2(0.30, 0.10)) * vec2(0.85, 1.15));
    float bands = abs(fract(ring * 13.0) - 0.5) * 2.0;
    float scar = smoothstep(0.62, 0.95, bands) * smoothstep(0.30, 0.36, ring) * smoothstep(0.58, 0.50, ring) * smoothstep(0.22, 0.34, ax);
    lines += scar * 0.8;
    float mid = smoothstep(0.022, 0.010, ax) * smoothstep(0.45, 0.55, q.y), rungs = abs(fract(q.y * 9.0) - 0.5) * 2.0;
    mid += smoothstep(0.85, 0.95, rungs) * smoothstep(0.10, 0.08, ax) * smoothstep(0.50, 0.54, q.y) * smoothstep(0.86, 0.82, q.y);
    lines += 0.7 * min(mid, 1.0) * smoothstep(0.95, 0.9, q.y);
    // Furrows: chevrons over an angry brow, level waves over a frightened or sad one, slanting folds on a wrinkled nose.
    float chevron = abs(fract((q.y - 0.75 * ax) * 7.0) - 0.5) * 2.0;
    deep += 0.035 * face[3].y * smoothstep(0.35, 0.95, chevron) * smoothstep(0.50, 0.30, ax) * smoothstep(0.38, 0.48, q.y - 0.3 * ax);
    float fright = clamp(mood[0].z + 0.7 * mood[1].x + 0.5 * mood[1].y, 0.0, 1.0);
    float waves = abs(fract((q.y + 0.10 * cos(q.x * 6.0)) * 8.0) - 0.5) * 2.0;
    deep += 0.018 * fright * smoothstep(0.5, 0.95, waves) * smoothstep(0.45, 0.3, ax) * smoothstep(0.46, 0.54, q.y) * smoothstep(0.90, 0.80, q.y);
    float folds = abs(fract((q.y + 0.6 * ax) * 12.0) - 0.5) * 2.0;
    deep += 0.042 * face[3].x * smoothstep(0.2, 0.95, folds) * smoothstep(0.30, 0.14, ax) * smoothstep(-0.18, -0.08, q.y) * smoothstep(0.36, 0.24, q.y);
    // Tears have worn channels from the lids to the jaw.
    float runs = abs(fract(ax * 14.0 + 0.35 * sin(q.y * 5.0)) - 0.5) * 2.0;
    float tear = mood[1].x * smoothstep(0.45, 0.95, runs) * smoothstep(0.16, 0.20, ax) * smoothstep(0.46, 0.40, ax) * smoothstep(0.06, -0.02, q.y);
    deep += 0.03 * tear;
    lines += 0.5 * tear;
    // Fear cracks the shell, and so does age; disgust clots it.
    float cracks = clamp(mood[0].z + 0.25 * mood[1].z * smoothstep(0.8, 1.0, mood[1].w), 0.0, 1.0);
    if (cracks > 0.01) {
        float crack = abs(swell3(vec3(q * 2.6, 3.0 * u_self[0].x + 1.0)) + 0.12 * swell3(vec3(q * 9.0, 2.0)));
        float cracked = smoothstep(0.035, 0.008, crack) * cracks;
        deep += 0.05 * cracked;
        lines += 0.7 * cracked;
    }
    if (mood[0].y > 0.01) {
        float clot = swell3(vec3(q * 9.0, 1.0 + 0.05 * u_phase)) + 0.5 * swell3(vec3(q * 21.0, 4.0));
        float where = smoothstep(0.15, 0.50, length((q - vec2(-0.05, 0.05)) * vec2(1.0, 0.8)) + 0.35 * q.x);
        deep -= mood[0].y * 0.075 * smoothstep(0.15, 0.60, clot) * where;
    }
    // Rows of raised dots where it is most of a ritual.
    float ritual = smoothstep(0.68, 0.95, mood[1].w);
    if (ritual > 0.0) {
        float turn = atan(q.y - 0.10, ax - 0.30) * 9.0;
        vec2 cell = vec2(fract(turn) - 0.5, (fract(ring * 13.0 + 0.5) - 0.5) * 0.9);
        float dots = smoothstep(0.30, 0.12, length(cell)) * smoothstep(0.32, 0.36, ring) * smoothstep(0.66, 0.60, ring) * smoothstep(0.10, 0.20, ax);
        deep -= 0.016 * ritual * dots;
        lines += 0.35 * ritual * dots;
    }
    return vec2((deep + 0.012 * lines) * on, clamp(lines, 0.0, 1.0) * on);
}
