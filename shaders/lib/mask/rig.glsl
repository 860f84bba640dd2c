// mask_rig: what the face of a mask does now: its visitor's expression, drawn towards the emotion's own where the mood is strong.
// Needs lib/frame. Gives face[5] and mood[2] (globals: the other functions of lib/mask read them): face[0] brows, height inner
// left, inner right, outer left, outer right, [-1, 1]; face[1] eyes, open left, open right [0, 1.7], squint, width of the lips
// [-1, 1]; face[2] jaw open [0, 1], corners of the mouth left, right [-1, 1], pucker; face[3] nose wrinkled, furrow, lip raised
// left, right; face[4] gaze x, y [-1, 1], cheek, asleep [0, 1]. Left and right are the screen's. mood[0] angry, disgust, fear, happy,
// mood[1] sad, surprise, neutral: how far the mask has become each of them, together 1; mood[1].w: carved.
// Idea: a row of numbers for each emotion after Ekman and Friesen's descriptions (FACS), mixed; a face that is seen adds to it.
uniform float u_carved;
vec4 face[5], mood[2];
const vec4 FACES[35] = vec4[35](
    // inner and outer brows, eyes open, squint, lips' width, jaw, corners, pucker, wrinkle, furrow, lip raised, gaze, cheek, -
    vec4(-1.0, -0.9, 0.75, 0.70), vec4(0.80, 0.90, 0.45, 0.30), vec4(0.42, -0.75, -0.75, 0.0), vec4(0.75, 1.0, 0.75, 0.75), vec4(0.0, -0.10, 0.1, 0.0),
    vec4(-0.75, 0.05, 0.0, 0.20), vec4(0.34, 0.66, 0.75, -0.10), vec4(0.24, -0.90, -1.10, 0.15), vec4(1.0, 0.5, 0.75, 0.10), vec4(-0.5, -0.4, 0.35, 0.0),
    vec4(1.1, 1.1, -0.35, -0.35), vec4(1.20, 1.20, 0.0, -0.05), vec4(0.62, -1.05, -1.05, 0.20), vec4(0.0, 0.3, 0.0, 0.0), vec4(0.35, 0.1, -1.0, 0.0),
    vec4(0.30, 0.30, 0.50, 0.50), vec4(0.30, 0.30, 0.80, 0.50), vec4(0.42, 1.05, 1.05, 0.0), vec4(0.0, 0.0, 0.25, 0.25), vec4(0.0, 0.1, 1.0, 0.0),
    vec4(1.0, 1.0, -0.95, -0.95), vec4(0.26, 0.26, 0.0, -0.15), vec4(0.10, -1.0, -1.0, 0.1), vec4(0.0, 0.35, 0.0, 0.0), vec4(0.0, -0.8, -0.5, 0.0),
    vec4(1.0, 1.0, 0.95, 0.95), vec4(1.15, 1.15, 0.0, -0.55), vec4(0.85, 0.0, 0.0, 0.75), vec4(0.0, 0.0, 0.0, 0.0), vec4(0.0, 0.25, -0.2, 0.0),
    vec4(0.02, 0.02, 0.00, 0.00), vec4(0.34, 0.34, 0.14, -0.06), vec4(0.012, 0.18, 0.18, 0.04), vec4(0.0), vec4(0.0, 0.0, 0.1, 0.0));
void mask_rig(int who) {
    vec4 share0 = u_mood[who * 2], share1 = u_mood[who * 2 + 1];
    // A reading is never sure of itself: what is clearly ahead is believed.
    vec4 a = smoothstep(0.16, 0.52, share0), b = smoothstep(0.16, 0.52, share1);
    float strong = a.x + a.y + a.z + a.w + b.x + b.y, most = max(strong, 1.0);
    float here = smoothstep(0.0, 0.7, u_place[who].w);
    a *= here / most;
    b.xy *= here / most;
    b.z = 1.0 - (a.x + a.y + a.z + a.w + b.x + b.y);
    mood[0] = a;
    mood[1] = vec4(b.xyz, u_carved);
    for (int part = 0; part < 5; part++) {
        face[part] = a.x * FACES[part] + a.y * FACES[5 + part] + a.z * FACES[10 + part] + a.w * FACES[15 + part]
            + b.x * FACES[20 + part] + b.y * FACES[25 + part] + b.z * FACES[30 + part];
    }
    // A plain face has nothing else to say it with: it says it louder.
    float plain = 1.0 - smoothstep(0.0, 0.6, u_carved);
    face[1] += plain * vec4(vec2(0.45 * a.z + 0.50 * b.y - 0.04 * a.w), 0.15 * a.w, 0.19 * a.w);
    face[2] += plain * vec4(0.35 * a.w + 0.17 * a.z, vec2(0.20 * a.w + 0.05 * a.z), 0.0);
    vec4 brows = u_expression[who * 4], eyes = u_expression[who * 4 + 1], mouth = u_expression[who * 4 + 2], rest = u_expression[who * 4 + 3];
    float known = u_seen[who].y * here;
    face[0] += known * 0.8 * (vec4(brows.xx, brows.yy) - brows.z * vec4(1.0, 1.0, 0.6, 0.6) + 0.6 * brows.w * vec4(-1.0, 1.0, -1.0, 1.0));
    // A mood that is no joy leaves a visitor's smile no room, and none that starts lets the lids fall.
    float grave = clamp(0.8 * a.x + a.y + a.z + b.x + 0.9 * b.y, 0.0, 1.0), startled = clamp(a.z + b.y, 0.0, 1.0);
    face[1].xy *= mix(vec2(1.0), (1.0 + 0.5 * eyes.z) * (1.0 - (1.0 - 0.6 * startled) * smoothstep(0.40, 0.85, eyes.xy)), known);
    face[1].zw += known * vec2(0.35 * eyes.w * (1.0 - startled), (0.7 * rest.x - 0.6 * mouth.w) * (1.0 - 0.7 * grave));
    face[2].x = mix(face[2].x, 0.70 * face[2].x + 0.90 * mouth.x, known);
    face[2].yz = mix(face[2].yz, mix(0.75, 1.0, grave) * face[2].yz + 1.1 * (1.0 - 0.9 * grave) * mouth.y - 0.9 * mouth.z, known);
    face[2].w += known * 0.7 * mouth.w;
    face[3] += known * vec4(0.7 * rest.y, 0.6 * brows.z, 0.3 * rest.y, 0.3 * rest.y);
    face[4].xyz += known * vec3(rest.zw - 0.5 * face[4].xy, 0.6 * (1.0 - grave) * mouth.y);
    float asleep = 1.0 - smoothstep(0.05, 0.8, u_place[who].w);
    // Who arrives is looked at, at once.
    face[1].xy *= 1.0 - asleep * (1.0 - 0.8 * u_welcome);
    face[4].w = asleep;
    face[0] = clamp(face[0], -1.2, 1.2);
    face[2] = clamp(face[2], vec4(0.0, -1.15, -1.15, 0.0), vec4(1.0, 1.15, 1.15, 1.0));
}
