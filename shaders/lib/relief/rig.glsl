// The numbers of a figure under the cloth, as sculpture_feedback.vert hands them on. Needs body/features. Places in scene units, heights above the cloth.
flat in vec4 v_head, v_neck, v_chest, v_pelvis;   // x, y, height; size, near, grown, which way it leans
flat in vec4 v_arm[6];                            // by side: shoulder x, y and elbow x, y; wrist x, y and palm x, y; heights of elbow, wrist and palm, 0
flat in vec4 v_leg[2];                            // knee x, y, ankle x, y
flat in vec3 v_face_x, v_face_y;
flat in vec4 v_mood_first, v_mood_last;           // angry, disgust, fear, happy; sad, surprise, neutral, its share of the cloth's moods here
flat in vec4 v_brow, v_lids, v_mouth, v_more;
