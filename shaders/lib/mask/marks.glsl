// mask_marks, mask_strands: what is cut into the skin of a mask: furrows, tears, grooves, cracks, clots, the tool's own. Needs mask/rig (face, mood), mask/openings,
// mask/outline, noise/swell3, lib/frame. q in units of the face's half height; eye, mouth as mask_eye and mask_mouth give them there.
// Returns x how deep [-0.08, 0.06], y how far a place is a cut line [0, 1], z how far it is inlaid with metal [0, 1]. mask_strands: how far a place is painted hair [0, 1].
// Idea: lines that follow a form are the bands of a distance to it; each mood has its own.
float mask_strands(vec2 q) {
    // Painted in strokes of a fine brush: they end where the brush was lifted, each a little elsewhere.
    vec3 at = vec3(19.0 * q.x / (1.75 - q.y), 1.5 * q.y, 7.0 * u_self[0].x);
    float strand = 0.6 * swell3(at) + swell3(at * vec3(7.1, 2.0, 1.0) + 3.0);
    return smoothstep(-0.055, 0.055, mask_hair(q) + (0.030 - 0.024 * mood[0].w) * strand) * smoothstep(0.35, 0.6, mood[1].w);
}
vec3 mask_marks(vec2 q, vec3 eye, float mouth) {
    float ax = abs(q.x), on = smoothstep(0.2, 0.6, mood[1].w) * (0.5 + 0.5 * mood[1].w);
    float lines = 0.0, deep = 0.0, inlay = 0.0;
    // What the tool has left: shallow facets that follow the form.
    float facet = abs(fract(7.0 * q.y + 1.6 * ax + 0.35 * sin(7.0 * q.x + 3.0 * q.y)) - 0.5) * 2.0;
    deep += 0.0045 * facet * facet * (1.0 - 0.9 * mood[1].z - 0.8 * mood[0].w);
    float ring = length((vec2(ax, q.y) - vec2(0.30, 0.10)) * vec2(0.85, 1.15));
    // Furrows: over an angry brow they meet in the middle, over a frightened or sad one they lie level; slanting folds on a wrinkled nose.
    float frown = abs(fract((q.y - 0.55 * ax + 0.5 * ax * ax) * 6.0) - 0.5) * 2.0;
    deep += 0.026 * face[3].y * smoothstep(0.45, 1.0, frown) * smoothstep(0.42, 0.20, ax) * smoothstep(0.40, 0.48, q.y - 0.3 * ax);
    float fright = clamp(mood[0].z + 0.7 * mood[1].x + 0.5 * mood[1].y, 0.0, 1.0);
    float waves = abs(fract((q.y + 0.05 * cos(q.x * 5.0)) * 9.0) - 0.5) * 2.0;
    deep += 0.012 * fright * smoothstep(0.5, 1.0, waves) * smoothstep(0.40, 0.25, ax) * smoothstep(0.46, 0.54, q.y);
    float folds = abs(fract((q.y + 0.6 * ax) * 12.0) - 0.5) * 2.0;
    deep += 0.036 * face[3].x * smoothstep(0.2, 0.95, folds) * smoothstep(0.30, 0.14, ax) * smoothstep(-0.18, -0.08, q.y) * smoothstep(0.36, 0.24, q.y);
    // Tears: two channels from each lid down the cheek, inlaid, the longer one with its drop.
    if (mood[1].x > 0.01) {
        float down = 0.02 - q.y, bent = 0.05 * sin(2.6 * down);
        float a = (ax - 0.27 - bent) / (0.013 + 0.006 * down), b = (ax - 0.37 - 1.3 * bent) / 0.011;
        float tear = mask_band(a) * smoothstep(0.0, 0.06, down) * smoothstep(0.70, 0.60, down) + 0.8 * mask_band(b) * smoothstep(0.02, 0.08, down) * smoothstep(0.44, 0.32, down);
        float drop = smoothstep(0.046, 0.030, length(vec2(ax - 0.27 - 0.05 * sin(1.72), (q.y + 0.66) * 0.75)));
        deep += mood[1].x * (0.020 * tear - 0.035 * drop);
        inlay = mood[1].x * clamp(tear + drop, 0.0, 1.0);
    }
    // A fillet of gold along the hair, with beads, and a stone in its middle: of who is calm or glad.
    float fair = mood[1].z + mood[0].w, band = mask_hair(q) + 0.012, bead = fract(13.0 * q.x / (1.75 - q.y)) - 0.5;
    float fillet = smoothstep(0.056, 0.046, abs(band)), stone = length(vec2(q.x, 0.8 * (q.y - 0.715))) - 0.062;
    float beads = smoothstep(0.036, 0.020, length(vec2(0.11 * bead, band))) , setting = smoothstep(0.024, 0.012, stone);
    deep -= fair * max((0.012 + 0.016 * beads) * fillet, 0.040 * setting - 0.012 * smoothstep(0.006, 0.0, abs(stone)));
    inlay = max(inlay, fair * max(fillet * (1.0 - mood[0].w * smoothstep(0.042, 0.034, abs(band)) * (1.0 - beads)), setting) * smoothstep(-0.004, 0.004, stone));
    // Surprise: grooves spread from eyes and mouth over the whole face, as rings in water.
    if (mood[1].y > 0.01) {
        float from = -max(eye.x, mouth), groove = abs(fract(from * 15.0) - 0.5) * 2.0, where = smoothstep(0.05, 0.09, from) * smoothstep(0.05, 0.10, ax + 0.2 * step(0.4, q.y));
        deep += mood[1].y * 0.016 * smoothstep(0.25, 0.85, groove) * where;
        lines += mood[1].y * 0.85 * smoothstep(0.50, 0.85, groove) * where;
    }
    // Fear cracks the shell; one that is calm again was mended with gold. Disgust clots it.
    float cracks = clamp(mood[0].z + mood[1].z, 0.0, 1.0);
    if (cracks > 0.01) {
        // Each runs out where the shell is whole.
        float crack = abs(swell3(vec3(q * 2.6, 3.0 * u_self[0].x + 1.0)) + 0.16 * swell3(vec3(q * 9.0, 2.0)));
        float runs = smoothstep(-0.20, 0.35, swell3(vec3(q * 1.9, 4.0 + 5.0 * u_self[0].x)) + 0.5 * ax) * smoothstep(0.14, 0.34, ax + max(q.y - 0.3, 0.0)), cracked = smoothstep(0.030 * runs + 0.001, 0.006 * runs, crack) * runs * cracks;
        deep += mix(0.024, -0.004, mood[1].z) * cracked;
        lines += 0.9 * cracked * mood[0].z;
        inlay = max(inlay, mood[1].z * smoothstep(0.2, 0.7, cracked));
    }
    if (mood[0].y > 0.01) {
        float clot = swell3(vec3(q * 8.0, 1.0 + 0.05 * u_phase)) + 0.5 * swell3(vec3(q * 19.0, 4.0));
        float where = smoothstep(0.15, 0.60, length((q - vec2(-0.05, 0.05)) * vec2(1.0, 0.8)) + 0.45 * q.x);
        deep -= mood[0].y * 0.060 * smoothstep(0.22, 0.70, clot) * where;
    }
    // Arcs round the eyes and rows of raised dots where it is most of a ritual.
    float ritual = smoothstep(0.68, 0.95, mood[1].w);
    if (ritual > 0.0) {
        float bands = abs(fract(ring * 13.0) - 0.5) * 2.0;
        lines += ritual * 0.8 * smoothstep(0.62, 0.95, bands) * smoothstep(0.30, 0.36, ring) * smoothstep(0.58, 0.50, ring) * smoothstep(0.22, 0.34, ax);
        float turn = atan(q.y - 0.10, ax - 0.30) * 9.0;
        vec2 cell = vec2(fract(turn) - 0.5, (fract(ring * 13.0 + 0.5) - 0.5) * 0.9);
        float dots = smoothstep(0.30, 0.12, length(cell)) * smoothstep(0.32, 0.36, ring) * smoothstep(0.66, 0.60, ring) * smoothstep(0.10, 0.20, ax);
        deep -= 0.016 * ritual * dots;
        lines += 0.35 * ritual * dots;
    }
    return vec3(deep + 0.010 * lines, clamp(lines, 0.0, 1.0), inlay) * on;
}
