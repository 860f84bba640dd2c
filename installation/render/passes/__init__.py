"""The passes of a picture beside the scene's own: room light, glow and tone map, painting, what visitors wear."""
