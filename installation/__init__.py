"""Mien: camera -> perception -> emotion -> smoothing -> scene -> render -> show control."""

__version__ = "0.1.0"
