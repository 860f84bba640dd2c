"""Mien: camera -> perception -> emotion -> smoothing -> scene -> render -> show control."""

import os

# ONNX Runtime reports to its maker what it runs, under a number it gives the machine, unless this is set before it begins.
# Nothing leaves the piece that its owner did not open.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
