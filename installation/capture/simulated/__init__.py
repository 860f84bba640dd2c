"""The simulated performer: figures that need no camera, and the picture they give."""
