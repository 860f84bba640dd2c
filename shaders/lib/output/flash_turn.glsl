// flash_turn: what is remembered of a quantity that may flash. value: now, 0 and up; least: the change that counts; before: x
// the last extremum plus 1, its sign + while it rises and - while it falls; y z w seconds since the last three rises, newest
// first; fell: seconds since it fell; often: set where it rises the third time within OFTEN_S. Range: as before.
// Idea: a flash is a pair of opposing changes, each from an extremum to the next (WCAG 2.2, ITU-R BT.1702).
const float OFTEN_S = 0.8;
vec4 flash_turn(float value, float least, vec4 before, inout float fell, inout bool often) {
    if (u_dt <= 0.0) {  // a still: nothing came before
        fell = 60.0;
        return vec4(-1.0 - value, vec3(60.0));
    }
    float extremum = abs(before.x) - 1.0;
    vec3 ages = min(before.yzw + u_dt, 60.0);
    fell = min(fell + u_dt, 60.0);
    if (before.x > 0.0) {
        if (value > extremum - least) return vec4(1.0 + max(value, extremum), ages);
        fell = 0.0;
        return vec4(-1.0 - value, ages);
    }
    if (value < extremum + least) return vec4(-1.0 - min(value, extremum), ages);
    often = often || ages.y < OFTEN_S;
    return vec4(1.0 + value, 0.0, ages.xy);
}
