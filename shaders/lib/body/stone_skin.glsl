// stone_skin: how the skin of a statue looks, with what is carved in it. Needs lib/frame, noise/swell3,
// texture/worn, body/carving, body/slabs, body/grains, body/stone_light, light/shade. relief: the slope of what lies upon it, scene units; high: height of another, scene
// units; hollow: how open that is [0, 1]; plain: how far nothing else is carved there [0, 1]; cover: how far the pixel is covered [0, 1].
// Range: f_colour as premultiplied light, [0, inf), and cover. Idea: the slope of all this from the pixels beside (Mikkelsen 2010); veins are where a slow noise is near nought.
in vec3 v_position;
in vec3 v_normal;
in vec2 v_grain;
in vec4 v_cut;
in vec2 v_open;
in vec3 v_place;
flat in mat3 v_face;
flat in vec4 v_carved;
flat in vec4 v_own;
out vec4 f_colour;

void stone_skin(vec3 relief, float high, float hollow, float plain, float cover) {
    vec2 at = v_cut.xy;
    vec3 v = normalize(vec3(0.0, 0.0, EYE) - v_position), n = normalize(v_normal);
    float facing = abs(dot(n, v));
    // Its outline is soft by a pixel.
    cover *= smoothstep(0.0, 1.4, facing / max(fwidth(facing), 1e-4));
    if (cover < 0.04) discard;
    // Folds finer than a few pixels are left to the skin itself.
    float carved = mix(0.4, carving(at, v_carved), smoothstep(0.40, 0.10, 8.3 * fwidth(at.x))), h = mix(carved, 0.5, 0.8 * plain), crack = 0.0;
    high += 0.9 * v_cut.z * v_own.x * carved;
    vec4 slab = vec4(0.0);
    if (v_carved.w > 0.01) {
        slab = slabs(at) * v_carved.w * (1.0 - 0.75 * plain);
        crack = v_carved.w * (1.0 - 0.75 * plain) * smoothstep(0.010, 0.001, slab.w);
    }
    vec3 px = dFdx(v_position), py = dFdy(v_position), r1 = cross(py, n), r2 = cross(n, px);
    float det = dot(px, r1);
    vec3 slope = (dFdx(high) * r1 + dFdy(high) * r2) * sign(det) + max(abs(det), 1e-9) * relief;
    vec3 smooth_n = normalize(n + v * max(0.0, -dot(n, v)));
    n = normalize(max(abs(det), 1e-9) * n - slope);
    if (v_carved.w > 0.01) n = normalize(n + 1.1 * vec3(slab.x, slab.y, 0.0));
    n = normalize(n + v * max(0.0, 0.10 - dot(n, v)));
    vec3 picture = worn(u_texture_before, u_texture, u_texture_share, at * vec2(0.45, 0.35) + 0.37 * u_self[u_shape].x);
    float cloudy = swell3(vec3(v_grain * 2.6 / v_own.x, 1.0 + 7.0 * u_self[u_shape].x)), vein = smoothstep(0.05, 0.0, abs(cloudy - 0.12)) * (1.0 - 0.85 * plain);
    float tone = 0.50 + v_cut.w + 0.12 * n.y - 0.08 * clamp(at.y, 0.0, 1.9) + u_self[u_shape].y + 0.07 * cloudy - 0.20 * vein;
    vec3 light = stone_light(n, smooth_n, v, Grain(vec3(0.5 + 0.3 * cloudy - 0.6 * vein, 0.5, 0.5), 1.0, 0.0), picture, tone, h, v_open, v_own.y, v_own.w * (1.0 - 0.5 * plain)) * hollow;
    light *= 1.0 - 0.9 * crack;
    light += (u_palette[3] + 0.3 * u_palette[2]) * crack * v_own.w * max(0.35 + 2.2 * swell3(vec3(at * 3.0, 0.5 * u_phase)), 0.0);
    light = haze(light, smoothstep(0.5, -0.9, v_position.z));
    f_colour = vec4(light * u_fade, u_fade) * cover;
}
