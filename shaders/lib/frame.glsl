// The uniforms that every scene gets; shaders/UNIFORMS.md says what they are.
uniform vec2 u_resolution;
uniform vec3 u_palette[4];
uniform sampler2D u_texture_before;
uniform sampler2D u_texture;
uniform float u_texture_share;
uniform float u_phase, u_spread, u_spikiness, u_symmetry, u_droop, u_twist, u_turbulence, u_tremble, u_pulse;
uniform float u_light, u_glow, u_roughness, u_fog, u_texture_amount, u_energy, u_fade;
// One shape: xy place (shorter half side = 1), z scale; then seed, presence, hue shift.
uniform vec3 u_place;
uniform vec3 u_self;
