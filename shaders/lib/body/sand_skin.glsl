// sand_skin, veil_edge: how the skin of a figure of sand looks, with what is carved in it; the rolled edge of the veil round its face. Needs lib/frame, noise/swell3,
// texture/worn, body/carving, body/slabs, body/grains, body/sand_light, light/shade. relief: the slope of what lies upon it, scene units; high: height of another, scene
// units; hollow: how open that is [0, 1]; plain: how far nothing else is carved there [0, 1]; cover: how far the pixel is covered [0, 1]. veil_edge gives a slope and, in w, how open it is.
// Range: f_colour as premultiplied light, [0, inf), and cover. Idea: the slope of all this from the pixels beside (Mikkelsen 2010); grains go one by one.
in vec3 v_position;
in vec3 v_normal;
in vec2 v_grain;
in vec4 v_cut;
in vec3 v_loose;
in vec3 v_place;
flat in mat3 v_face;
flat in vec4 v_carved;
flat in vec4 v_own;
out vec4 f_colour;

vec4 veil_edge(vec3 n) {
    vec2 q = v_place.xy, out_by = vec2(q.x / 0.49, max(q.y + 0.02, 0.0) / 0.56);
    float o = sqrt(max(dot(out_by, vec2(q.x, max(q.y + 0.02, 0.0))), 1e-6)), lies = smoothstep(0.10, 0.45, dot(n, v_face[2])) * smoothstep(-1.7, -0.9, q.y);
    float roll = (o - 1.10) / 0.075, step_up = (o - 1.03) / 0.06, inner = (o - 0.98) / 0.05;
    return vec4(lies * (0.49 * exp(-step_up * step_up) - 0.63 * roll * exp(-roll * roll)) * (out_by.x * v_face[0] + out_by.y * v_face[1]) / o, 1.0 - 0.5 * lies * exp(-inner * inner));
}
void sand_skin(vec3 relief, float high, float hollow, float plain, float cover) {
    vec2 at = v_cut.xy;
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    float carved = carving(at, v_carved), h = mix(carved, 0.5, 0.8 * plain), crack = 0.0;
    high += 0.9 * v_cut.z * v_own.x * carved;
    vec4 slab = vec4(0.0);
    if (v_carved.w > 0.01) {
        slab = slabs(at) * v_carved.w * (1.0 - 0.75 * plain);
        crack = v_carved.w * (1.0 - 0.75 * plain) * smoothstep(0.010, 0.001, slab.w);
    }
    vec3 px = dFdx(v_position), py = dFdy(v_position), r1 = cross(py, n), r2 = cross(n, px);
    float det = dot(px, r1);
    vec3 slope = (dFdx(high) * r1 + dFdy(high) * r2) * sign(det) + max(abs(det), 1e-9) * relief;
    float patchy = swell3(vec3(at * 9.0, 2.0)), facing = abs(dot(n, v)), gone = clamp(v_loose.x * (1.0 + 0.8 * patchy) + 0.30 * smoothstep(0.30, 0.0, facing), 0.0, 1.0);
    // What has barely come loose still lies.
    gone *= smoothstep(0.22, 0.62, gone);
    Grain g = grain_at(v_grain, gone, 1.0);
    // Its outline is soft by a pixel.
    cover *= g.there * smoothstep(0.0, 1.4, facing / max(fwidth(facing), 1e-4));
    if (cover < 0.04) discard;
    float inside = step(dot(n, v), -0.15);
    vec3 smooth_n = inside > 0.5 ? -n : n;
    n = normalize(max(abs(det), 1e-9) * n - slope);
    n = inside > 0.5 ? -n : n;
    if (v_carved.w > 0.01) n = normalize(n + 1.1 * vec3(slab.x, slab.y, 0.0));
    n = normalize(n + v * max(0.0, 0.10 - dot(n, v)));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, at * vec2(0.45, 0.35) + 0.37 * u_self[u_shape].x);
    float tone = 0.50 + v_cut.w + 0.12 * n.y - 0.08 * clamp(at.y, 0.0, 1.9) + u_self[u_shape].y;
    vec3 light = sand_light(n, smooth_n, v, g, picture, tone, h, v_loose.yz, v_own.y, v_own.w * (1.0 - 0.5 * plain)) * hollow;
    light *= mix(1.0, 0.16, inside) * (1.0 - 0.9 * crack);
    light += u_palette[3] * inside * 0.22 * u_glow;
    light += (u_palette[3] + 0.3 * u_palette[2]) * crack * v_own.w * max(0.35 + 2.2 * swell3(vec3(at * 3.0, 0.5 * u_phase)), 0.0);
    light = haze(light, smoothstep(0.5, -0.9, v_position.z));
    f_colour = vec4(light * u_fade, u_fade) * cover;
}
