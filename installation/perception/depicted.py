"""The drawn-face network at run time: what emotion a drawing of a face depicts.

What a visitor shows is another thing (expression.py), and what a picture evokes is a third: the three are never averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.onnx_sessions import Expected, OnnxModel, UnusableModelError
from installation.perception.expression import FACE_SIZE, INTERIOR, STD_FLOOR
from installation.types import DEPICTED, ByteArray, FloatArray

FACE_PX = FACE_SIZE
"""Pixels a side the network sees."""
VIEWS = (1.0, 0.8, 0.62)
"""A drawing is looked at whole, and at so much of its middle: nobody says how much paper is round the face."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a drawing depicts: ``shares`` (6,) over DEPICTED, sum 1; ``face`` [0, 1]: how surely there is a face."""

    shares: FloatArray
    face: float


def standardised(grey: npt.NDArray[np.uint8]) -> FloatArray:
    """(FACE_PX, FACE_PX) uint8 -> (1, FACE_PX, FACE_PX) with mean 0 and deviation 1 where a face would be, as expression.py."""
    level = grey.astype(np.float32)
    inside = level[INTERIOR]
    return np.asarray(((level - inside.mean()) / max(float(inside.std()), STD_FLOOR))[None], np.float32)


def views(rgb: ByteArray) -> FloatArray:
    """(H, W, 3) uint8, a drawing cut out square -> (2 * len(VIEWS), 1, FACE_PX, FACE_PX): each of VIEWS and its mirror image.

    Raises ValueError for any other shape or type.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or 0 in rgb.shape:
        raise ValueError(f"a drawing must be (H, W, 3) uint8, not {rgb.shape} {rgb.dtype}")
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    height, width = grey.shape
    made = []
    for share in VIEWS:
        down, across = round(height * (1 - share) / 2), round(width * (1 - share) / 2)
        cut = np.ascontiguousarray(grey[down : height - down, across : width - across])
        how = cv2.INTER_AREA if min(cut.shape) > FACE_PX else cv2.INTER_LINEAR
        small = np.asarray(cv2.resize(cut, (FACE_PX, FACE_PX), interpolation=how), np.uint8)
        made += [standardised(small), standardised(np.ascontiguousarray(small[:, ::-1]))]
    return np.stack(made)


def together(shares: FloatArray, face: FloatArray) -> Reading:
    """The reading of one drawing from (V, 6) and (V,) of its views: their geometric mean, each as far as it holds a face. A
    view that excludes a word counts more than one that does not know: most show too much paper or too little of the face."""
    weights = np.maximum(face, 1e-3)
    logarithms = np.log(shares + 1e-3)
    mean = np.exp((logarithms * weights[:, None]).sum(axis=0) / weights.sum())
    return Reading(np.asarray(mean / mean.sum(), np.float32), float(np.clip(face.max(), 0, 1)))


class DepictedNet(OnnxModel):
    """models/drawn.onnx in an ONNX Runtime session of one thread. Not thread-safe.

    Raises UnusableModelError when the file is missing, broken or another network.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, "cpu", 1)
        if len(self.inputs) != 1 or next(iter(self.inputs.values()))[1:] != [1, FACE_PX, FACE_PX]:
            raise UnusableModelError(f"{path} is not a drawn-face network: its inputs are {dict(self.inputs)}")
        if self.metadata.get("depicted") != ",".join(DEPICTED):
            raise UnusableModelError(f"{path} reads {self.metadata.get('depicted')}, not {','.join(DEPICTED)}")
        (self._input,) = self.inputs

    def read(self, rgb: ByteArray) -> Reading:
        """(H, W, 3) uint8, a drawing cut out square. Raises ValueError as ``views`` does, and as ``answer``."""
        seen = views(rgb)
        found = self.answer({self._input: seen}, Expected((len(seen), len(DEPICTED) + 1)))
        return together(found[:, :-1], found[:, -1])
