"""Makes generated pictures larger: by the network where it is there and the step is large, else plainly."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import cv2
import numpy as np

from installation.base.model_files import model_file
from installation.base.notices import Notices
from installation.base.onnx_sessions import out_of_memory
from installation.generation.enlarge import ENLARGER, FACTOR, Enlarger
from installation.generation.model_loader import Lend, RetriedModel, SteadyStamps
from installation.generation.seamless import resized
from installation.types import ByteArray

MARGIN_PX = 8
"""The network takes its pictures for tori: a composed one gets a border, which is cut off afterwards."""


class Enlarging:
    """Not thread-safe: it belongs to the worker's thread. ``now_s`` is the clock's time in seconds."""

    def __init__(self, models: Path, notices: Notices, lend: Lend | None = None) -> None:
        self._models = models
        self._enlarger: RetriedModel[Enlarger] = RetriedModel(
            "enlarging", "small pictures are enlarged plainly", notices, lend
        )
        self._stamps = SteadyStamps()

    def hurry(self) -> None:
        """Try at once what was waiting for its next try."""
        self._enlarger.hurry()

    def surface(self, rgba: ByteArray, size_px: int, provider: str, now_s: float) -> ByteArray:
        """A seamless picture (S, S, 4) at ``size_px``; by the network where that is four times as large or more. Raises
        MemoryError."""
        if FACTOR * len(rgba) <= size_px:
            rgba = self._by_network(rgba, provider, now_s)
        return resized(rgba, size_px)

    def picture(self, rgba: ByteArray, size_px: int, provider: str, now_s: float) -> ByteArray:
        """A composed picture (S, S, 4) at ``size_px``, by the network where it becomes larger. Raises MemoryError."""
        size = len(rgba)
        if size_px > size:
            framed = np.pad(rgba, ((MARGIN_PX, MARGIN_PX), (MARGIN_PX, MARGIN_PX), (0, 0)), mode="symmetric")
            large = self._by_network(framed, provider, now_s)
            cut = MARGIN_PX * len(large) // len(framed)
            rgba = large[cut : len(large) - cut, cut : len(large) - cut]
        if len(rgba) == size_px:
            return np.ascontiguousarray(rgba)
        way = cv2.INTER_AREA if size_px < len(rgba) else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(rgba, (size_px, size_px), interpolation=way), np.uint8)

    def _by_network(self, rgba: ByteArray, provider: str, now_s: float) -> ByteArray:
        """Four times as large; as it is where the network cannot."""
        path = model_file(ENLARGER, self._models)
        load = partial(Enlarger, path, provider)
        enlarger = self._enlarger.get(ENLARGER, (provider, self._stamps.of(path, now_s)), now_s, load)
        if enlarger is None:
            return rgba
        try:
            large = enlarger.enlarge(rgba)
        except Exception as error:
            if out_of_memory(error):
                raise MemoryError(str(error)) from error
            self._enlarger.give_up(f"enlarging failed ({error})", now_s)
            return rgba
        self._enlarger.worked()
        return large
