"""How well a camera is placed and set up, by what is seen through it: light, distance, tilt, focus, flicker."""
