"""Figures of how well the piece sees, against truth written by hand."""
