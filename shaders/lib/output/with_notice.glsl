// with_notice: a colour with what visitors are told over it: letters and an icon on a soft pool of dark. whole: place in the whole
// picture, [0, 1], y down. Range: that of c; all colours are sRGB. Idea: the pool lets so little of the picture through that white
// letters are read on any picture (a contrast of 6 to 1 on pure white), and has no edge.
uniform sampler2D u_notice;
uniform vec4 u_notice_box;
uniform vec4 u_notice_pool;
uniform vec2 u_notice_share;
uniform vec2 u_notice_unit;
uniform vec3 u_notice_colours[3];
const float NOTICE_POOL = 0.74, NOTICE_REACH = 0.26;
vec3 with_notice(vec3 c, vec2 whole) {
    vec2 away = (abs(whole - u_notice_pool.xy - 0.5 * u_notice_pool.zw) - 0.5 * u_notice_pool.zw) * u_notice_unit;
    if (max(away.x, away.y) >= NOTICE_REACH) return c;
    float far = length(max(away, 0.0));
    c = mix(c, u_notice_colours[0], u_notice_share.x * NOTICE_POOL * (1.0 - smoothstep(0.0, NOTICE_REACH, far)));
    if (far > 0.0) return c;
    vec2 at = (whole - u_notice_box.xy) / u_notice_box.zw;
    if (any(lessThan(at, vec2(0.0))) || any(greaterThan(at, vec2(1.0)))) return c;
    vec2 covers = textureLod(u_notice, at, 0.0).rg * u_notice_share.y;
    return mix(mix(c, u_notice_colours[1], covers.r), u_notice_colours[2], covers.g);
}
