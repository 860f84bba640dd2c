// contact_shadow: how much of the light every visitor's form leaves on the floor at a place.
// Needs lib/frame, place/floor. at: scene units. Range: [0, 1], 0 wholly in shadow, 1 open. Use: a ground of a scene's own is multiplied by it.
// Idea: a soft oval under the form, smaller and darker ones under feet that are seen.
float contact_shadow(vec2 at) {
    float open = 1.0;
    for (int i = 0; i < u_people; i++) {
        float here = 0.35 + 0.65 * u_place[i].w;
        vec2 away = (at - vec2(u_place[i].x, place_floor_y())) / vec2(0.15 + 0.38 * u_place[i].z, 0.10);
        open *= 1.0 - 0.80 * here * exp(-dot(away, away));
        for (int foot = LEFT_ANKLE; foot <= RIGHT_ANKLE; foot++) {
            vec4 ankle = u_joints[i * JOINTS + foot];
            vec2 off = (at - ankle.xy + vec2(0.0, 0.06)) / vec2(0.17, 0.045);
            open *= 1.0 - 0.7 * ankle.w * exp(-dot(off, off));
        }
    }
    return open;
}
