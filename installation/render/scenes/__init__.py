"""The scenes as they are drawn: steps, meshes, particles, built from shaders/scenes/."""
