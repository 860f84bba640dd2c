"""Drawn faces with the emotion that they depict, read from a folder: emoji and avatars in families of one hand each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from installation.base.files import ROOT
from installation.training.fer import IntArray
from installation.training.running import DataError
from installation.types import DEPICTED, ByteArray

FOLDER = ROOT.parent / "shared" / "drawn"
FOUR = DEPICTED[:4]
"""The classes that every question here is about; surprise and neutral are depicted by emoji alone."""
SIDE_PX = 96
ONE_HAND = {"fluent-emoji-flat": "fluent-emoji", "noto-v1": "noto", "emojione-v1": "emojione"}
"""Families that draw the same faces, or their makers' earlier ones: they are left out together."""
FRAMES = {
    "avataaars": (0.5, 0.45, 0.48),
    "big-smile": (0.5, 0.52, 0.75),
    "dylan": (0.5, 0.5, 0.62),
    "fun-emoji": (0.5, 0.52, 0.85),
    "lorelei": (0.48, 0.5, 0.55),
    "open-peeps": (0.5, 0.5, 0.6),
    "toon-head": (0.5, 0.53, 0.5),
}
"""Where the face is in avatars that show more than a face: middle x, y and side, shares of the picture. Only what is learnt
from is cut out so; a family that is read is read as it comes."""
WHOLE = (0.5, 0.5, 1.0)


@dataclass(frozen=True, eq=False)
class Drawings:
    """N faces: ``pictures`` (N, 96, 96, 3) uint8 sRGB, ``labels`` (N,) into DEPICTED, the ``families`` that they are of,
    each of a ``kind`` (emoji, avatar), and their ``licences``."""

    pictures: ByteArray
    labels: IntArray
    families: tuple[str, ...]
    kinds: tuple[str, ...]
    licences: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def hands(self) -> tuple[str, ...]:
        """(N) the family, or the one that is left out with it."""
        return tuple(ONE_HAND.get(family, family) for family in self.families)

    @property
    def frames(self) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """(N, 3) where the face is: middle x, y and side."""
        return np.array([FRAMES.get(family, WHOLE) for family in self.families])


def load_drawings(folder: Path = FOLDER) -> Drawings:
    """Read ``index.tsv`` (columns file, label, kind, style, licence) and its pictures. Faces of other labels (disgust: 33) are
    left out.

    Raises DataError for a table or a picture that is not as it should be, with the line.
    """
    index = folder / "index.tsv"
    if not index.is_file():
        raise DataError(f"{index} is not there; --data FOLDER names the folder of the drawn faces")
    with index.open(encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.DictReader(file, delimiter="\t"), 2))
    needed = {"file", "label", "kind", "style", "licence"}
    if not rows or not needed <= set(rows[0][1]):
        raise DataError(f"{index} must have the columns {', '.join(sorted(needed))}, and a row at least")
    kept = [(line, row) for line, row in rows if row["label"] in DEPICTED]
    if not kept:
        raise DataError(f"{index} has no face of {', '.join(DEPICTED)}")
    return Drawings(
        pictures=np.stack([read_drawing(folder / row["file"], f"{index}:{line}") for line, row in kept]),
        labels=np.array([DEPICTED.index(row["label"]) for _, row in kept], np.int64),
        families=tuple(row["style"] for _, row in kept),
        kinds=tuple(row["kind"] for _, row in kept),
        licences=tuple(row["licence"] for _, row in kept),
    )


def read_drawing(path: Path, where: str = "") -> ByteArray:
    """(96, 96, 3) uint8 sRGB; what is clear in the file becomes white paper, and what is not square gets more of it.

    Raises DataError.
    """
    bgr = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if bgr is None or bgr.dtype != np.uint8:
        raise DataError(f"{where + ': ' if where else ''}{path} is no picture that can be read")
    if bgr.ndim == 2:
        bgr = cv2.cvtColor(bgr, cv2.COLOR_GRAY2BGR)
    if bgr.shape[2] == 4:
        alpha = bgr[:, :, 3:].astype(np.float32) / 255
        bgr = (bgr[:, :, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    height, width = bgr.shape[:2]
    if height != width:
        side = max(height, width)
        down, across = (side - height) // 2, (side - width) // 2
        bgr = cv2.copyMakeBorder(
            bgr, down, side - height - down, across, side - width - across, cv2.BORDER_CONSTANT, value=(255, 255, 255)
        )
    if bgr.shape[0] != SIDE_PX:
        how = cv2.INTER_AREA if bgr.shape[0] > SIDE_PX else cv2.INTER_LINEAR
        bgr = cv2.resize(bgr, (SIDE_PX, SIDE_PX), interpolation=how)
    return np.ascontiguousarray(bgr[:, :, ::-1])
