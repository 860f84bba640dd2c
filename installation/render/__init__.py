"""Window and drawing; the only importer of moderngl and pygame. OpenGL belongs to the main thread alone."""
