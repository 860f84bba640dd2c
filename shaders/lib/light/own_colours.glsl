// own_colours: how far surfaces show the generated picture's own colours instead of the palette's, [0, 1]; 0 up to a texture of 0.7. Needs lib/frame.
// Idea: moods that wear little of the picture keep their palette; only who asks for all of it gets its colours.
float own_colours() { return smoothstep(0.70, 1.0, u_texture_amount); }
