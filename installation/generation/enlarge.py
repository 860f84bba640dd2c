"""The network that makes generated pictures four times as large, finer than bicubic and as seamless as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from installation.base.onnx_sessions import Expected, OnnxModel, UnusableModelError
from installation.types import ByteArray

ENLARGER = "enlarge.onnx"
FACTOR = 4
MIN_PX = 8
TRIAL_PX = (16, 24)


class Enlarger(OnnxModel):
    """models/enlarge.onnx. Not thread-safe. Raises UnusableModelError for a file that is missing, broken or another network."""

    def __init__(self, path: Path, provider: str = "cpu", threads: int = 1) -> None:
        super().__init__(path, provider, threads)
        if set(self.inputs) != {"rgba"}:
            raise UnusableModelError(f"{path} does not enlarge: its inputs are {sorted(self.inputs)}")
        height, width = TRIAL_PX
        self.try_out({"rgba": np.full((height, width, 4), 128, np.uint8)}, _enlarged(height, width))

    def enlarge(self, rgba: ByteArray) -> ByteArray:
        """(H, W, 4) uint8 sRGB, a torus -> (4H, 4W, 4), opaque. ValueError for less than 8 pixels; UnusableModelError where the
        network fails or gives anything else, MemoryError."""
        height, width = rgba.shape[:2]
        if min(height, width) < MIN_PX:
            raise ValueError(f"a picture of {rgba.shape[:2]} is too small to be enlarged")
        return self.answer({"rgba": np.ascontiguousarray(rgba)}, _enlarged(height, width))


def _enlarged(height: int, width: int) -> Expected:
    return Expected((FACTOR * height, FACTOR * width, 4), "uint8")
