"""Seeing bodies and faces; the only importer of mediapipe."""
