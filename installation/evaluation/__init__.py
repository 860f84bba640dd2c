"""Honest figures: what is measured against labelled pictures and against hand-written truth."""
