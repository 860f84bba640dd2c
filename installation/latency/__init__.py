"""Latency measured by itself: a code on the screen, found again in the camera's picture (run.py latency)."""
