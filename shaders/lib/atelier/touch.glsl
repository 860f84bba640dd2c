// Touch, touch: one stroke of a loaded brush as a strip of a mesh, laid along a bent way. Needs lib/frame, land/lay, form/moods. uv: the strip's, x
// across in [-1, 1], y along in [0, 1]. Range: middle, reach, wide in scene units; load [0, 1] from dry to full; hard [0, 1] from a wash to a knife.
// Idea: all that is the stroke's own goes to its fragments flat; they only know where along and across they are.
out vec2 v_on;            // along [0, 1], across [-1, 1]
flat out vec4 v_colour;   // light, opacity
flat out vec4 v_brush;    // lot, hairs, load, hard
flat out vec4 v_relief;   // light across and along it, how many widths it is long, sheen
struct Touch { vec2 middle; vec2 way; float reach; float wide; float bend; float grown; };
const vec2 WINDOW = vec2(-0.60, 0.80);
void touch(Touch s, vec2 uv, vec3 light, float opacity, float lot, float load, float hard, float sheen) {
    float px = 2.0 / min(u_resolution.x, u_resolution.y), wide = max(s.wide, 1.1 * px);
    vec2 across = vec2(-s.way.y, s.way.x);
    float along = (uv.y * s.grown - 0.5) * 2.0;
    vec2 at = s.middle + s.reach * along * s.way + s.reach * s.bend * (along * along - 0.33) * across;
    vec2 turn = normalize(across - 2.0 * s.bend * along * s.way);
    at += turn * uv.x * wide;
    v_on = vec2(uv.y * s.grown, uv.x);
    v_colour = vec4(light, opacity);
    v_brush = vec4(lot * 64.0, clamp(2.0 * wide / max(0.012, 2.2 * px), 2.0, 26.0), load, hard);
    v_relief = vec4(dot(across, WINDOW), dot(s.way, WINDOW), s.reach / wide, sheen);
    gl_Position = opacity < 0.01 || s.grown < 0.02 ? vec4(2.0, 2.0, 2.0, 1.0) : land_clip(at);
}
