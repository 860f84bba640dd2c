"""Shader files to programs, and the uniforms that every one of them may read."""
