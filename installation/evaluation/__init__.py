"""Measuring what the piece understands: expression against other networks, presence against hand-written truth."""
