"""What is to be drawn, as numbers. No OpenGL here."""
