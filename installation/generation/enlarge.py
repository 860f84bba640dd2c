"""The network that makes generated pictures four times as large, finer than bicubic and as seamless as they were."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np

from installation.generation.sessions import GeneratorError, open_session
from installation.types import ByteArray

FACTOR = 4
LEAST_PX = 8


class Enlarger:
    """models/enlarge.onnx. Not thread-safe. Raises GeneratorError for a file that is missing, broken or another network."""

    def __init__(self, path: Path, provider: str = "cpu", threads: int = 1) -> None:
        self._opened = open_session(path, provider, threads)
        if set(self._opened.inputs) != {"rgba"}:
            raise GeneratorError(f"{path} does not enlarge: its inputs are {sorted(self._opened.inputs)}")

    @property
    def providers(self) -> list[str]:
        """What the session runs on, the preferred one first."""
        return self._opened.providers

    def enlarge(self, rgba: ByteArray) -> ByteArray:
        """(H, W, 4) uint8 sRGB, a torus -> (4H, 4W, 4), opaque. ValueError for less than 8 pixels."""
        if min(rgba.shape[:2]) < LEAST_PX:
            raise ValueError(f"a picture of {rgba.shape[:2]} is too small to be enlarged")
        return cast(ByteArray, self._opened.run({"rgba": np.ascontiguousarray(rgba)}))
