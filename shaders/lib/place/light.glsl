// place_light, place_shore: the room at a place: air, floor, the visitors' lights and shadows on it, dust, and the composed picture where there is one.
// Needs lib/frame, noise/swell3, noise/hash, colour/as_seen, and place/mood, floor, sun, far, trunks, contact_shadow, dust, visitors, sea, stage, hall.
// at: scene units, y up. Range: linear RGB, [0, inf). u_stage 0 leaves the plain background. lot: three numbers of the room, [0, 1). Use: passes/room.frag
// draws it once a frame, small, and place/backdrop reads that. SEA, STAGE or HALL makes it another kind of place; place_shore is out of doors, on level water.
// Idea: a place with its own light: the floor mirrors sky and land, the more the wetter and the farther away, and is dark towards the eye.
vec3 place_shore(vec2 at, PlaceMood m, vec3 lot) {
    float below = place_horizon_y() - at.y, wet = place_wet(), under = max(below, 0.0), wide = u_resolution.x / min(u_resolution.x, u_resolution.y);
    vec2 ground = place_ground(at);
    vec3 sun = place_sun(m, lot);
    // Level ripples, finer far away, break what is mirrored.
    float ripple = swell3(vec3(ground.x * 1.6, ground.y * 6.0, 0.25 * u_phase)) * smoothstep(0.0, 0.16, under);
    vec2 seen = below > 0.0 ? vec2(at.x + 0.07 * ripple, place_horizon_y() + under * mix(1.0, 1.3, wet) + 0.05 * ripple) : at;
    vec3 far = place_far(seen, sun, m, lot);
    if (below < -0.12) return far + place_visitors(at, false);
    // Where floor and air meet lies mist, thin in one place and thick in another.
    float mist = swell3(vec3(0.9 * at.x + 7.0 * lot.y + 0.04 * u_phase, 3.0 * lot.z, 1.0)), soft = (0.030 + 0.03 * lot.y * lot.y + 0.03 * u_fog) * (1.2 + 0.6 * mist);
    float floor_here = smoothstep(-0.4 * soft, 1.2 * soft, below);
    // Water gives back less the more steeply it is seen; towards the eye and the picture's sides it is dark.
    float mirror = mix(0.42, 0.90, wet) * mix(1.0, mix(0.22, 0.40, wet), smoothstep(0.0, 0.50, below)) * (1.0 + 0.18 * ripple) * (1.0 - 0.5 * m.hide);
    float grain = 0.85 + 0.15 * swell3(vec3(ground * 3.0, 1.0)), path = (at.x - sun.x) / (0.10 + 0.7 * sun.z + 0.55 * under);
    vec3 glitter = mix(u_palette[2], u_palette[3], 0.5) * (0.22 * m.calm + 0.26 * m.hard + 0.30 * m.open + 0.08 * m.murk) * exp(-path * path) * (0.55 + 0.9 * max(ripple, -0.5)) * smoothstep(0.60, 0.05, below);
    vec3 pool = (u_palette[1] * 0.22 + u_palette[2] * 0.012) * exp(-0.55 * abs(ground.x)) * (1.0 - 0.8 * m.hide) * (1.0 - 0.4 * m.murk);
    if (m.hide > 0.0) {
        // Light from the gap falls along the floor between the trunks, which lie on it as shadows, wider towards the eye.
        float along = (at.x - sun.x) / (0.10 + under), shadow = place_trunks(along * 0.55 + 3.0 * lot.z, 0.5, 0.34, 0.20, 0.045, lot.y);
        float falls = exp(-0.40 * along * along) * exp(-2.3 * under);
        pool += m.hide * u_counter * 0.42 * falls * (1.0 - 0.85 * shadow * smoothstep(0.25, 0.7, abs(along)) * smoothstep(0.02, 0.13 + 0.04 * abs(along), under));
    }
    // The lamp on the far shore lies long on the water.
    float lamp = (at.x - place_lamp(lot).x + 0.05 * ripple) / (0.030 + 0.06 * under);
    glitter += m.weep * u_counter * 0.42 * exp(-lamp * lamp - 3.2 * under) * (0.6 + 0.6 * ripple) * smoothstep(0.0, 0.06, below);
    pool += m.burst * mix(u_palette[2], u_palette[3], 0.3) * 0.10 * exp(-1.4 * abs(at.x - 0.8 * place_focus_x())) * exp(-2.0 * under);
    vec3 dry = (pool * grain + place_visitors(at, true)) * contact_shadow(at);
    vec3 light = mix(far, far * mirror + glitter + dry, floor_here) + place_visitors(at, false) * (1.0 - 0.6 * floor_here);
    float dark = smoothstep(0.05, 0.60, below) * smoothstep(0.25, 1.05, abs(at.x) / wide + 0.10 * mist);
    light *= 1.0 - (0.75 - 0.30 * m.calm) * dark;
    // Mist over the far water.
    light += place_air(m) * 0.22 * exp(-90.0 * below * below) * (0.6 + 0.6 * mist) * (1.0 - 0.6 * m.hard);
    return light + (u_palette[3] * 0.5 + u_counter * 0.5) * 0.08 * dust(at) * (0.3 + 2.0 * dot(light, vec3(1.0)));
}
vec3 place_light(vec2 at, vec3 lot) {
    PlaceMood m = place_mood();
#if defined(SEA)
    vec3 light = place_sea(at, m, lot);
#elif defined(STAGE)
    vec3 light = place_stage(at, m, lot);
#elif defined(HALL)
    vec3 light = place_hall(at, m, lot);
#else
    vec3 light = place_shore(at, m, lot);
#endif
    // The welcome: the whole room lights up a little, and the floor under who comes.
    light *= 1.0 + 0.8 * u_welcome;
    return mix(u_palette[0], light, u_stage);
}
