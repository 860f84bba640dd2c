// strokes, stroke_wet, stroke_cover: the strokes of paint that cover a surface, how far the one at a place has been laid, and how much
// of what is under it one covers that is laid whole (STROKE_WAYS: level strokes, then finer ones across). Needs noise/hash,
// noise/lots. place: any units; size: a stroke's width in them; way: unit vector along which strokes run; set: 0, 1, 2 ... for layers
// that differ. laid: 0 (none) to 1 (every stroke). Range: stroke_wet [0, 1]; lot [0, 1). Idea: rows of long cells, each row shifted by
// chance, so that nothing is left out; hair by hair the ends are torn and the sides waver, and a stroke grows from its one end.
struct Stroke {
    vec2 middle;  // where it lies, in the units of place
    float along;  // 0 at its beginning to 1 at its end
    float hair;   // 0 to 1: which hair of the brush, by chance
    float side;   // -1 to 1 across it
    vec4 lot;     // four random numbers of its own
};
const float STROKE_LONG = 3.4, STROKE_HAIRS = 9.0;
float stroke_hairs = 1.0;  // set it to less where pixels are too coarse for single hairs
Stroke strokes(vec2 place, float size, vec2 way, int set) {
    vec2 q = vec2(dot(place, way), dot(place, vec2(-way.y, way.x))) / size + 31.7 * float(set + 1);
    // Nobody paints with a ruler.
    q.y += 0.34 * sin(q.x * 0.47 + 1.7 * float(set)) + 0.10 * sin(q.x * 1.3 + 0.9 * q.y) + 0.012 * sin(q.x * 9.1);
    float row = floor(q.y), hairs = (q.y - row) * STROKE_HAIRS;
    uint of_row = mix_bits(uint(int(row) + 1000 * set) + 0x9e3779b9u);
    float one = float(mix_bits(of_row + uint(int(hairs))) >> 16), next = float(mix_bits(of_row + uint(int(hairs) + 1)) >> 16);
    float hair = mix(0.5, mix(one, next, smoothstep(0.2, 0.8, fract(hairs))) / 65536.0, stroke_hairs);
    float x = q.x / STROKE_LONG + float(of_row & 4095u) / 4096.0, torn = x + 0.16 * hair, cell = floor(torn);
    Stroke s;
    s.lot = lots(int(row) * 7919 + int(cell) * 31 + set * 104729);
    s.along = torn - cell;
    s.hair = hair;
    s.side = 2.0 * (q.y - row) - 1.0;
    vec2 back = vec2((cell + 0.5 - x) * STROKE_LONG, row + 0.5 - q.y) * size;
    s.middle = place + back.x * way + back.y * vec2(-way.y, way.x);
    return s;
}
float stroke_wet(Stroke s, float laid, float moment) {
    float grown = clamp((laid * 1.3 - moment) / 0.3, 0.0, 1.0);
    return smoothstep(0.0, 0.10, grown * 1.5 - s.along - 0.38 * s.hair);
}
const vec2 STROKE_WAYS[3] = vec2[3](vec2(0.985, 0.174), vec2(0.848, 0.530), vec2(0.643, -0.766));
float stroke_cover(Stroke s) {
    float ends = smoothstep(0.0, 0.10, s.along - 0.05 * s.hair) * smoothstep(1.0, 0.86, s.along + 0.10 * s.hair);
    return ends * smoothstep(1.0, 0.80, abs(s.side));
}
