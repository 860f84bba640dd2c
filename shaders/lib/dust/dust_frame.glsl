// dust_frame: a visitor's figure of dust as the picture frames it: as reframed says, and who is far off is shown larger, standing at the bottom of the picture.
// Needs lib/frame, body/reframed. who: 0 to u_people - 1. Range: at most 1.6 times as large.
// Idea: a small figure leaves the picture empty; several share it.
Reframed dust_frame(int who) {
    Reframed r = reframed(who);
    vec4 left = reframed_joint(r, who, LEFT_ANKLE), right = reframed_joint(r, who, RIGHT_ANKLE);
    float crowd = 1.0 / (1.0 + 0.35 * float(max(u_people, 1) - 1)), feet = smoothstep(0.2, 0.6, min(left.w, right.w)), low = min(left.y, right.y);
    float tall = r.head.y + 1.3 * r.half_head - low;
    float more = mix(clamp(0.185 * crowd / r.half_head, 1.0, 1.5), clamp(1.52 * crowd / max(tall, 0.2), 1.0, 1.6), feet);
    more = mix(more, 1.0, r.bust);
    // Low in the picture, so that arms have room to rise.
    r.head.y = mix(r.head.y, clamp(low, -0.84, -0.76) + (r.head.y - low) * more, feet * (1.0 - r.bust));
    r.half_head *= more;
    r.by *= more;
    r.head.y = min(r.head.y, 0.93 - 1.15 * r.half_head);
    return r;
}
