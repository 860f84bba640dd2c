"""Keeps the piece running: starts it, listens to its beats, starts it again."""
