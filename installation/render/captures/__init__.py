"""Screenshots and videos of the picture."""
